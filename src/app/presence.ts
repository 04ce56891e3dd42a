import { findMissed } from "../webex/gap";
import { Presence } from "../webex/presence";
import { addEnvelope } from "../webex/receive-event";
import { createRegistrar } from "../webex/registrar";
import type { Identity } from "../webex/webex-client";
import { webhookUrl, type Wiring } from "./wiring";

const SPACES_TO_CATCH_UP = 10;

/** The bot's connection to Webex, its webhooks, and what was missed while it was away. */
export function createPresence(
  wiring: Wiring,
  onConnected: (me: Identity) => Promise<void>,
): Presence {
  const { client, config, connection, parts, store } = wiring;
  const { clock, log, metrics } = parts;
  return new Presence({
    connect: async () => {
      await client.me();
      return connection.connect();
    },
    registrar: createRegistrar({
      client,
      targetUrl: webhookUrl(config),
      secret: config.webex.webhookSecret,
      log,
    }),
    underLease: (name, ms, work) => store.underLease(name, ms, work),
    catchUp: () => catchUp(wiring),
    onConnected,
    onWebhooks: (report) => {
      for (const action of ["created", "reactivated", "deleted"] as const)
        metrics.webhookActions.inc({ action }, report[action]);
    },
    clock,
    log,
  });
}

/** Reads what was written while nobody listened; what was heard already is a duplicate. */
async function catchUp({ client, identity, parts, store }: Wiring): Promise<void> {
  const { clock, log } = parts;
  const { inbox, queries } = store;
  const gap = await findMissed({
    client,
    botId: identity()?.id ?? "",
    spaces: await queries.spacesToCatchUp(SPACES_TO_CATCH_UP),
    directPersons: await queries.invitedPersons(),
  });
  for (const envelope of gap.missed) await addEnvelope(envelope, inbox, clock.now());
  if (gap.failures.length > 0)
    log.warn({ spaces: gap.failures.length }, "some spaces could not be read after a pause");
}
