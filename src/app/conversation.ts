import { createDirectoryPeople } from "../bot/directory-people";
import { InboundTexts } from "../bot/inbound-texts";
import { InboxWorker, type Conversation, type EventLookups } from "../bot/inbox-worker";
import { OwnWork } from "../bot/own-work";
import { PhoneEvents } from "../bot/phone-events";
import { Router } from "../bot/router";
import type { BotTools } from "../bot/turn";
import { languageChoices } from "../notify/languages";
import { createTexts } from "../notify/texts";
import type { SpaceFacts } from "../roster/change";
import { isTransient } from "../store/transient";
import type { WebhookEnvelope } from "../webex/envelope";
import type { Identity } from "../webex/webex-client";
import { grantTools } from "./grants";
import { createMeetings } from "./meetings";
import { incidentSettings } from "./settings";
import { announcerOf, type Wiring } from "./wiring";

/** Who moderates none of so many spaces any more is hardly to be found in another. */
const SPACES_TO_ASK = 3;

/** Handles what phones tell from the start, everything else once it is given the conversation. */
export function createInboxWorker(wiring: Wiring): InboxWorker {
  const { parts, store } = wiring;
  const { clock, log, metrics, random } = parts;
  return new InboxWorker({
    clock,
    random,
    inbox: store.inbox,
    phoneEvents: createPhoneEvents(wiring),
    decisions: store,
    log,
    isTransient,
    report: (outcome) => metrics.inboxHandled.inc({ outcome }),
  });
}

/** What answers people, from the moment that the bot knows who it is. */
export function createConversation(
  wiring: Wiring,
  me: Identity,
): { conversation: Conversation; homeOrgId: string } {
  const { client, config, parts, store } = wiring;
  const { clock, log } = parts;
  const homeOrgId = config.webex.homeOrgId ?? me.orgId;
  const meetings = createMeetings(wiring, homeOrgId);
  const ownWork = new OwnWork({
    clock,
    ...(meetings ? { meetings } : {}),
    reader: client,
    decisions: store,
    announcer: () => announcerOf(wiring),
    grants: grantTools(wiring),
    mayActIn: (space) => mayActIn(space, homeOrgId, config.webex.spaceTitlePrefix),
    log,
  });
  const lookups = createLookups(wiring, ownWork);
  const router = createRouter(wiring, me, homeOrgId);
  return { conversation: { lookups, router, ownWork }, homeOrgId };
}

function createPhoneEvents(wiring: Wiring): PhoneEvents {
  const { parts, store } = wiring;
  const { clock, log, metrics } = parts;
  const texts = createInboundTexts(wiring);
  return new PhoneEvents({
    clock,
    takeText: (text, trigger) => texts.take(text, trigger),
    takeReceipt: (event, receipt) => store.receipts.take({ ...event, receipt }),
    retry: (event, dueAt, why) => store.inbox.retry(event, dueAt, why),
    finish: (event) => store.inbox.finish(event),
    report: (outcome) => metrics.receipts.inc({ outcome }),
    log,
  });
}

function createInboundTexts({ config: { connect, locale, notify }, messages, store }: Wiring) {
  const texts = createTexts({
    messages,
    senderName: connect?.senderName ?? "",
    smsMaxCharacters: notify.sms.maxCharacters,
    defaultLanguage: locale.language,
  });
  return new InboundTexts({
    decisions: store,
    findCalledFor: (number) => store.findCalledFor(number),
    words: Object.values(messages).map(({ words }) => words),
    ...(connect?.smsOrigin === undefined
      ? {}
      : { answerText: (kind, facts) => texts.answerText(kind, facts) }),
  });
}

function mayActIn(space: SpaceFacts, homeOrgId: string, prefix = ""): boolean {
  const isHome = space.ownerOrgId === undefined || space.ownerOrgId === homeOrgId;
  return isHome && space.title.startsWith(prefix);
}

function createRouter(wiring: Wiring, me: Identity, homeOrgId: string): Router {
  const { config, messages, store } = wiring;
  const { connect, locale, webex } = config;
  const { spaceTitlePrefix } = webex;
  const tools: BotTools = {
    decisions: store,
    settings: incidentSettings(config, me.id),
    botName: me.name,
    dial: { defaultCountry: locale.country, dialCountries: locale.dialCountries },
    languages: languageChoices(Object.keys(messages), locale.language),
    numbers: {
      ...(connect?.smsOrigin === undefined ? {} : { sms: connect.smsOrigin }),
      ...(connect?.voiceOrigin === undefined ? {} : { voice: connect.voiceOrigin }),
    },
    ...(connect === undefined ? {} : { senderName: connect.senderName }),
    readFile: (address) => wiring.client.readFile(address),
    searchExternals: (term, page) => store.searchExternals(term, page),
    ...createDirectoryPeople({
      directory: store.directory,
      hasIntegration: wiring.grants !== undefined,
      onFailure: (err) => wiring.parts.log.error({ err }, "the directory cannot be searched"),
    }),
    findInvitations: (person) => store.findInvitations(person),
    listSpaces: (wish, page) =>
      store.listSpaces(wish, { orgId: homeOrgId, titlePrefix: spaceTitlePrefix ?? "" }, page),
    findSpace: async (id) => {
      const space = await store.queries.findSpace(id);
      if (space?.kind !== "group") return undefined;
      return mayActIn(space, homeOrgId, spaceTitlePrefix) ? space : undefined;
    },
    grants: grantTools(wiring),
    hasOperators: webex.operatorsSpace !== undefined,
    moderatesAny: (personId) => moderatesAny(wiring, homeOrgId, personId),
    findOperators: () => findOperators(wiring),
  };
  return new Router({
    tools,
    botId: me.id,
    homeOrgId,
    commandMaxAgeMs: config.incident.commandMaxAgeMs,
    onRefused: (code, via) => wiring.parts.log.info({ refusal: code, via }, "refused"),
    ...(spaceTitlePrefix === undefined ? {} : { spaceTitlePrefix }),
  });
}

function createLookups(wiring: Wiring, ownWork: OwnWork): EventLookups {
  const { client, connection, store } = wiring;
  return {
    receive: (body) => connection.feed(body as WebhookEnvelope),
    membership: (spaceId, personId) => client.getMembership(spaceId, personId),
    isOperator: (personId) => isOperator(wiring, personId),
    knownSpace: (spaceId) => store.queries.findSpace(spaceId),
    findCard: (cardId) => store.findCard(cardId),
    space: async (spaceId) => {
      const known = await store.queries.findSpace(spaceId);
      if (known) return { facts: known, isFreshlyRead: false };
      await ownWork.reread(spaceId, { kind: "reading" });
      const read = await store.queries.findSpace(spaceId);
      return read && { facts: read, isFreshlyRead: true };
    },
  };
}

/** Says at start what the operators' space is, since nobody notices when its id is wrong. */
export async function checkOperatorsSpace({ client, config, parts }: Wiring): Promise<void> {
  const { operatorsSpace } = config.webex;
  if (operatorsSpace === undefined) return;
  try {
    const space = await client.getSpace(operatorsSpace);
    if (space) parts.log.info({}, "operators are the members of the space in OPERATORS_SPACE");
    else
      parts.log.warn(
        {},
        "OPERATORS_SPACE names no space that the bot is in: nobody is an operator. Put the room id there, and add the bot to that space.",
      );
  } catch (err) {
    parts.log.warn({ err }, "the operators' space could not be read");
  }
}

/** If the operators' space cannot be read, nobody is an operator. */
async function isOperator({ client, config, parts }: Wiring, personId: string): Promise<boolean> {
  const { operatorsSpace } = config.webex;
  if (operatorsSpace === undefined) return false;
  try {
    return (await client.getMembership(operatorsSpace, personId)) !== undefined;
  } catch (err) {
    parts.log.warn({ err }, "the operators' space could not be read");
    return false;
  }
}

/** What we know may be old: Webex is asked about the spaces that come into question. */
async function moderatesAny(
  { client, store }: Wiring,
  homeOrgId: string,
  personId: string,
): Promise<boolean> {
  for (const spaceId of await store.queries.spacesModeratedBy(personId, homeOrgId, SPACES_TO_ASK)) {
    const member = await client.getMembership(spaceId, personId);
    if (member?.isModerator) return true;
  }
  return false;
}

async function findOperators({ client, config, parts }: Wiring): Promise<ReadonlySet<string>> {
  const { operatorsSpace } = config.webex;
  if (operatorsSpace === undefined) return new Set();
  try {
    const members = await client.listMembers(operatorsSpace);
    return new Set(members.map((member) => member.personId));
  } catch (err) {
    parts.log.warn({ err }, "the operators' space could not be read");
    return new Set();
  }
}
