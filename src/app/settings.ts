import type { Config } from "../config";
import type { IncidentSettings } from "../incident/settings";
import type { Conference } from "../notify/notification";

/** What the rules need to know of the configuration and of the bot. */
export function incidentSettings(config: Config, botId: string): IncidentSettings {
  const { connect, incident, notify } = config;
  const conference = configuredConference(config);
  return {
    botId,
    voiceAfterSmsMs: notify.voiceAfterSmsMs,
    expiryMs: notify.expiryMs,
    isSmsReady: connect?.smsOrigin !== undefined,
    isVoiceReady: connect?.voiceOrigin !== undefined,
    canReplyBySms: connect?.hasSmsReplies === true,
    canAnswerCalls: connect?.voiceMode === "interactive",
    renotifyMs: incident.renotifyMs,
    renotifyTimes: incident.renotifyTimes,
    hasStopNotice: incident.hasStopNotice,
    canOpenMeetings: config.webex.integration !== undefined,
    ...(conference ? { defaultConference: conference } : {}),
  };
}

function configuredConference({ incident }: Config): Conference | undefined {
  const { bridge } = incident;
  if (!bridge) return undefined;
  return {
    source: "configuration",
    ...(bridge.link === undefined ? {} : { link: bridge.link }),
    ...(bridge.phone === undefined ? {} : { phone: bridge.phone }),
    ...(bridge.code === undefined ? {} : { number: bridge.code }),
  };
}
