import { CatchUp, type Unheard } from "../webex/catch-up";
import { Presence } from "../webex/presence";
import { addEnvelope } from "../webex/receive-event";
import { createRegistrar } from "../webex/registrar";
import type { Identity } from "../webex/webex-client";
import { webhookUrl, type Wiring } from "./wiring";

const SPACES_TO_CATCH_UP = 10;

/** The bot's connection to Webex, its webhooks, and what was missed while it was away. */
export function createPresence(
  wiring: Wiring,
  catchUp: CatchUp,
  onConnected: (me: Identity) => Promise<void>,
): Presence {
  const { client, config, connection, parts, store } = wiring;
  const { clock, log, metrics } = parts;
  return new Presence({
    connect: () => connection.connect(),
    registrar: createRegistrar({
      client,
      targetUrl: webhookUrl(config),
      secret: config.webex.webhookSecret,
      log,
    }),
    underLease: (name, ms, work) => store.underLease(name, ms, work),
    catchUp,
    onConnected,
    onWebhooks: (report) => {
      for (const action of ["created", "reactivated", "deleted"] as const)
        metrics.webhookActions.inc({ action }, report[action]);
    },
    clock,
    log,
  });
}

export function createCatchUp({ client, identity, parts, store }: Wiring): CatchUp {
  const { clock, log } = parts;
  return new CatchUp({
    client,
    botId: () => identity()?.id ?? "",
    whereToLook: async (): Promise<Unheard[]> => {
      const persons = await store.queries.invitedPersons();
      return [
        ...(await store.queries.spacesToCatchUp(SPACES_TO_CATCH_UP)),
        ...persons.map((person) => ({ ...person, kind: "person" as const })),
      ];
    },
    keep: (envelope) => addEnvelope(envelope, store.inbox, clock.now()),
    clock,
    log,
  });
}
