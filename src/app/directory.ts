import { announceSyncs } from "../bot/announce-grants";
import type { Config } from "../config";
import { SyncTimer } from "../directory/sync-timer";
import { LaneRunner } from "../notify/lane-runner";
import { dialable } from "../roster/phone-number";
import type { StoreOptions } from "../store/store-options";
import type { AppParts, Wiring } from "./wiring";

/** After its process died, another one begins so much later. */
const LEASE_MS = 60_000;

/** How the store keeps the directory. */
export function directoryOptions(
  { directory, locale }: Config,
  { log }: AppParts,
): Pick<StoreOptions, "directoryNumbers" | "onDirectoryFailed" | "onDirectoryLost"> {
  const rules = { defaultCountry: locale.country, dialCountries: locale.dialCountries };
  const { smsPhoneType, voicePhoneType } = directory;
  return {
    directoryNumbers: {
      ...{ smsPhoneType, voicePhoneType },
      dialable: (text) => dialable(text, rules),
    },
    onDirectoryFailed: (err) =>
      log.error({ err }, "the directory cannot be read: numbers of Webex people are missing"),
    onDirectoryLost: (why) =>
      log.warn({ why }, "the copy of the directory is gone and is read from Webex again"),
  };
}

/** Brings what is told of the directory up to date. */
export async function measureDirectory({ parts, store }: Wiring): Promise<void> {
  const { clock, metrics } = parts;
  const { counts, syncedAt } = await store.directory.status();
  metrics.directoryPeople.set(counts?.people ?? 0);
  if (syncedAt === undefined) metrics.directoryAge.remove();
  else metrics.directoryAge.set((clock.now() - syncedAt) / 1_000);
}

/** What keeps the directory up to date; nothing without an integration at Webex. */
export function createDirectorySync(wiring: Wiring): LaneRunner[] {
  const { client, config, grants, parts, store } = wiring;
  if (!grants) return [];
  const { clock, log, random } = parts;
  const timer = new SyncTimer({
    ...{ clock, log, random, decisions: store, directory: store.directory },
    directoryGrant: () => store.grants.directoryGrant(),
    readPage: (grantId, next) =>
      grants.use.use(grantId, (token) => grants.asPerson.readPeoplePage(token, next)),
    holdLease: () => store.holdLease("directory-sync", LEASE_MS),
    announce: announceSyncs(),
    messages: {
      post: (personId, markdown) => client.post({ personId, post: { markdown } }),
      edit: (spaceId, messageId, markdown) => client.edit(messageId, spaceId, markdown),
      remove: (messageId) => client.deleteMessage(messageId),
    },
    maxAgeMs: config.directory.maxAgeMs,
  });
  return [new SyncRunner(wiring, timer)];
}

/** One sync at a time; a stop does not wait for its last page. */
class SyncRunner extends LaneRunner {
  constructor(
    { parts: { clock, log } }: Wiring,
    private readonly timer: SyncTimer,
  ) {
    super("directory", 1, clock, {
      claim: async () => ((await timer.isDue()) ? [timer.run()] : []),
      nextLook: async () => {
        const dueAt = await timer.nextDue();
        return dueAt === undefined ? {} : { dueAt };
      },
      onError: (err) => log.error({ err }, "whether the directory is to be read is not known"),
    });
  }

  override async stop(): Promise<void> {
    this.timer.stop();
    await super.stop();
    await this.timer.abandon();
  }
}
