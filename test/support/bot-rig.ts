import type { Incoming, IncomingAction, IncomingMessage } from "../../src/bot/incoming";
import type { Arrival, RouterOptions } from "../../src/bot/arrival";
import { Router } from "../../src/bot/router";
import type { GrantTools, Integration } from "../../src/bot/grant-tools";
import type { Actor, BotTools } from "../../src/bot/turn";
import type { Decide, Moment } from "../../src/decision";
import type { FoundPerson } from "../../src/directory/directory";
import { askGrant } from "../../src/grants/ask-grant";
import type { Change } from "../../src/incident/change";
import type { Invitation } from "../../src/incident/invitation";
import {
  UnknownSpaceError,
  type About,
  type AboutExternals,
  type Decided,
  type Decisions,
  type StoredCard,
  type Trigger,
} from "../../src/incident/ports";
import type {
  ExternalsState,
  GrantsState,
  NumberState,
  KnownExternal,
  LastTeam,
  ProgressState,
  ReadState,
  StartState,
} from "../../src/incident/space-state";
import type { Post } from "../../src/notify/notification";
import type { Recipient } from "../../src/notify/outbox-row";
import type { Responder } from "../../src/roster/responder";
import {
  ana,
  aMoment,
  aSettings,
  aSpaceState,
  bo,
  BOT,
  HOME_ORG,
  NOW,
  ofKind,
  SPACE,
} from "./builders";

/** Decisions on one space in memory; finishes each trigger once, as the store does. */
export class MemoryDecisions implements Decisions {
  readonly changes: Change[] = [];
  readonly triggers: Trigger[] = [];
  readonly cards = new Map<string, StoredCard>();
  existing: Responder | undefined;
  externals: KnownExternal[] = [];
  /** Whom the directory has. */
  people: FoundPerson[] = [];
  /** What has called whoever answers. */
  invitations: Invitation[] = [];
  grants: GrantsState = { status: {} };
  readonly numbers = new Map<string, Partial<NumberState>>();
  lastTeam: LastTeam | undefined;
  private readonly finished = new Set<string>();

  constructor(
    public state: ProgressState | undefined,
    private readonly moment: Moment,
  ) {}

  inSpace<R>(trigger: Trigger, about: About, rule: Decide<ProgressState, Change, R>) {
    return this.decide(trigger, rule, () => this.about(about));
  }

  forStart<R>(trigger: Trigger, about: About, rule: Decide<ProgressState & StartState, Change, R>) {
    const { lastTeam } = this;
    return this.decide(trigger, rule, () => ({
      ...this.about(about),
      nextIncidentNumber: 42,
      ...(lastTeam ? { lastTeam } : {}),
    }));
  }

  withProgress<R>(trigger: Trigger, about: About, rule: Decide<ProgressState, Change, R>) {
    return this.inSpace(trigger, about, rule);
  }

  forReading<R>(
    trigger: Trigger,
    _about: { spaceId: string },
    rule: Decide<ReadState & { known?: ProgressState }, Change, R>,
  ) {
    const known = this.state;
    const untied = this.externals
      .map(({ responder }) => responder)
      .filter(({ email, personId }) => email !== undefined && personId === undefined);
    return this.decide(trigger, rule, () => ({
      responders: new Map<string, Responder>(),
      externals: new Map(untied.map((one) => [one.email ?? "", [one]])),
      ...(known ? { known } : {}),
    }));
  }

  forExternal<R>(
    trigger: Trigger,
    about: About,
    rule: Decide<ProgressState & { existing?: Responder }, Change, R>,
  ) {
    const { existing } = this;
    return this.decide(trigger, rule, () => ({
      ...this.about(about),
      ...(existing ? { existing } : {}),
    }));
  }

  forGrants<R>(
    trigger: Trigger,
    { cardId = "" }: { personId: string; cardId?: string },
    rule: Decide<GrantsState, Change, R>,
  ) {
    return this.decide(trigger, rule, () => {
      const card = this.cards.get(cardId);
      return { ...this.grants, ...(card ? { card } : {}) };
    });
  }

  forNumber<R>(trigger: Trigger, number: string, rule: Decide<NumberState, Change, R>) {
    return this.decide(trigger, rule, () => this.numberOf(number));
  }

  private numberOf(number: string): NumberState {
    return { isKnown: true, heard: [], answered: [], ...this.numbers.get(number) };
  }

  forExternals<R>(
    trigger: Trigger,
    { cardId = "", responderIds = [], numbers = [] }: AboutExternals,
    rule: Decide<ExternalsState, Change, R>,
  ) {
    return this.decide(trigger, rule, () => {
      const card = this.cards.get(cardId);
      const known = this.externals.filter(({ responder }) => responderIds.includes(responder.id));
      const owners = numbers.flatMap((number): [string, Responder][] => {
        const owner = this.externals.find(
          ({ responder: { mobile, voice } }) => mobile === number || voice === number,
        );
        return owner ? [[number, owner.responder]] : [];
      });
      return {
        externals: new Map(known.map((one) => [one.responder.id, one])),
        owners: new Map(owners),
        ...(card ? { card } : {}),
      };
    });
  }

  anywhere<R>(trigger: Trigger, rule: Decide<undefined, Change, R>) {
    return this.decide(trigger, rule, () => undefined);
  }

  private about({ spaceId, cardId, externalIds, number }: About): ProgressState {
    if (this.state?.space.id !== spaceId) throw new UnknownSpaceError(spaceId);
    const card = cardId === undefined ? undefined : this.cards.get(cardId);
    const known = this.externals.map(({ responder }) => responder);
    const externals = externalIds && known.filter(({ id }) => externalIds.includes(id));
    return {
      ...this.state,
      ...(number === undefined ? {} : { number: this.numberOf(number) }),
      ...(externals ? { externals: new Map(externals.map((one) => [one.id, one])) } : {}),
      ...(card ? { card } : {}),
    };
  }

  private decide<State, R>(
    trigger: Trigger,
    rule: Decide<State, Change, R>,
    load: () => State,
  ): Promise<Decided<R>> {
    const key = "id" in trigger ? trigger.id : JSON.stringify(trigger);
    if (this.finished.has(key)) return Promise.resolve({ isDone: false });
    return new Promise((resolve) => {
      const { changes, result } = rule(load(), this.moment);
      this.finished.add(key);
      this.triggers.push(trigger);
      this.changes.push(...changes);
      for (const change of changes) this.keepCard(change);
      resolve({ isDone: true, result });
    });
  }

  private keepCard(change: Change): void {
    if (change.kind === "card.written")
      this.cards.set(change.card.id, { payload: {}, ...change.card });
    if (change.kind === "card.used") this.update(change.cardId, this.spent(change));
    if (change.kind === "press.noted" && this.state)
      this.state = { ...this.state, recentPresses: change.presses };
  }

  /** Of a card that concerns no space nothing is remembered once it is used, as in the store. */
  private spent({ at, cardId }: { at: number; cardId: string }): Partial<StoredCard> {
    const isOfSpace = this.cards.get(cardId)?.spaceId !== undefined;
    return { usedAt: at, ...(isOfSpace ? {} : { payload: {} }) };
  }

  private update(cardId: string, more: Partial<StoredCard>): void {
    const card = this.cards.get(cardId);
    if (card) this.cards.set(cardId, { ...card, ...more });
  }
}

export const anaIsHere: Actor = {
  ...ana,
  email: "ana@corp.example",
  orgId: HOME_ORG,
  isModerator: true,
  isOperator: false,
};

export const boIsHere: Actor = {
  ...bo,
  email: "bo@corp.example",
  orgId: HOME_ORG,
  isModerator: false,
  isOperator: false,
};

/** Grants as the decisions have them, with links that lead nowhere; only who gave them administrates. */
export function someGrants(decisions: MemoryDecisions): GrantTools & { integration: Integration } {
  let asked = 0;
  return {
    integration: {
      ask: (wish, at) => {
        asked += 1;
        const url = `https://webex.example/authorize?state=${asked}`;
        const random = (size: number): Buffer => Buffer.alloc(size, asked);
        return askGrant(wish, { random, authorizeUrl: () => url }, at);
      },
      isAdmin: (_grantId, personId) =>
        Promise.resolve(personId === decisions.grants.directory?.personId),
    },
    directoryGrant: () => Promise.resolve(decisions.grants.directory),
    directoryStatus: () => Promise.resolve(decisions.grants.status),
    meetingsGrants: (ids) => {
      const { meetings } = decisions.grants;
      return Promise.resolve(meetings && ids.includes(meetings.personId) ? [meetings] : []);
    },
    moderatorsOf: () => {
      const members = decisions.state?.members ?? [];
      return Promise.resolve(members.filter((one) => one.isModerator).map((one) => one.personId));
    },
    clearDirectory: () => {
      decisions.grants = { ...decisions.grants, status: {} };
      return Promise.resolve();
    },
  };
}

export interface RigOptions {
  state?: Partial<ProgressState>;
  /** Which people Webex shows in the space. */
  people?: readonly Actor[];
  /** The person's direct space with the bot is known by this id. */
  router?: Partial<Omit<RouterOptions, "tools">>;
  tools?: Partial<BotTools>;
  grants?: (usual: GrantTools & { integration: Integration }) => GrantTools;
  isGone?: boolean;
  isFreshlyRead?: boolean;
}

export const DIRECT = "space-direct";

/** A router with everything around it in memory. */
export function aRig(options: RigOptions = {}) {
  const state: ProgressState = {
    ...aSpaceState(),
    progress: [],
    openRounds: new Set(),
    ...options.state,
  };
  const decisions = new MemoryDecisions(options.isGone ? undefined : state, aMoment());
  const people = options.people ?? [anaIsHere, boIsHere];
  const refusals: string[] = [];
  const router = new Router({
    tools: {
      decisions,
      settings: aSettings(),
      botName: "Muster",
      dial: { defaultCountry: "US", dialCountries: "*" },
      languages: [
        { title: "English", value: "en" },
        { title: "Deutsch", value: "de" },
      ],
      numbers: {},
      readFile: () => Promise.resolve({ kind: "refused", reason: "gone" }),
      searchExternals: (_term, { limit, offset }) =>
        Promise.resolve({
          found: decisions.externals.slice(offset, offset + limit).map((one) => one.responder),
          total: decisions.externals.length,
        }),
      searchDirectory: (_term, limit) =>
        Promise.resolve({
          found: decisions.people.slice(0, limit),
          isMore: decisions.people.length > limit,
        }),
      findInDirectory: (ids) => {
        const known = decisions.people.filter(({ personId }) => ids.includes(personId));
        return Promise.resolve(new Map(known.map((one) => [one.personId, one])));
      },
      grants: options.grants?.(someGrants(decisions)) ?? someGrants(decisions),
      findInvitations: () => Promise.resolve(decisions.invitations),
      listSpaces: () => Promise.resolve({ found: [], total: 0 }),
      findSpace: (spaceId) =>
        Promise.resolve(spaceId === decisions.state?.space.id ? decisions.state.space : undefined),
      hasOperators: false,
      moderatesAny: (personId) =>
        Promise.resolve(people.some((one) => one.personId === personId && one.isModerator)),
      findOperators: () => Promise.resolve(new Set<string>()),
      ...options.tools,
    },
    botId: BOT,
    homeOrgId: HOME_ORG,
    commandMaxAgeMs: 5 * 60_000,
    onRefused: (code, via) => void refusals.push(`${via} ${code}`),
    ...options.router,
  });
  let arrivals = 0;
  const handle = async (incoming: Incoming, trigger?: Trigger): Promise<void> => {
    arrivals += 1;
    const known = decisions.state?.space;
    const arrival: Arrival = {
      incoming,
      trigger: trigger ?? { kind: "inbox", id: `event-${arrivals}`, leaseToken: "lease" },
      now: NOW,
      actorIn: () => Promise.resolve(people.find(({ personId }) => personId === incoming.personId)),
      space: (spaceId) =>
        Promise.resolve(
          known?.id === spaceId
            ? { facts: known, isFreshlyRead: options.isFreshlyRead ?? false }
            : undefined,
        ),
      knownSpace: (spaceId) => Promise.resolve(known?.id === spaceId ? known : undefined),
      findCard: (cardId) => Promise.resolve(decisions.cards.get(cardId)),
    };
    await router.handle(arrival);
  };
  return {
    decisions,
    router,
    handle,
    /** Somebody writes in the space. */
    says: (text: string, by: { personId: string } = ana, more: Partial<IncomingMessage> = {}) =>
      handle(aMessage({ text, personId: by.personId, ...more })),
    /** Somebody presses; the card's row must be among the decisions' cards. */
    presses: (
      inputs: Readonly<Record<string, unknown>>,
      by: { personId: string } = ana,
      more: Partial<IncomingAction> = {},
    ) => handle(aPress({ inputs, personId: by.personId, ...more })),
    withCard: (card: Partial<StoredCard> & { id: string }) =>
      decisions.cards.set(card.id, { kind: "notice", spaceId: SPACE, payload: {}, ...card }),
    get changes() {
      return decisions.changes;
    },
    get answers() {
      return answersIn(decisions.changes);
    },
    /** What was told to whoever runs the server, as "press card-unknown". */
    refusals,
    /** What all answers say, a line each. */
    get said() {
      return answersIn(decisions.changes).map(({ post }) => post.markdown);
    },
  };
}

export function aMessage(overrides: Partial<IncomingMessage> = {}): IncomingMessage {
  return {
    kind: "message",
    id: "message-1",
    spaceId: SPACE,
    spaceKind: "group",
    personId: "ana",
    personEmail: "ana@corp.example",
    text: "Muster help",
    at: NOW - 1_000,
    ...overrides,
  };
}

export function aPress(overrides: Partial<IncomingAction> = {}): IncomingAction {
  return {
    kind: "action",
    id: "press-1",
    spaceId: SPACE,
    personId: "ana",
    messageId: "message-1",
    inputs: {},
    at: NOW - 1_000,
    ...overrides,
  };
}

/** The data of a button. */
export function data(action: string, card: string, more: object = {}): Record<string, unknown> {
  return { action, v: 1, card, ...more };
}

function answersIn(changes: readonly Change[]): { to: Recipient; post: Post }[] {
  return ofKind(changes, "effect.queued").flatMap(({ effect: { effect } }) =>
    effect.kind === "reply" ? [{ to: effect.to, post: effect.post }] : [],
  );
}

/** Changes besides answers and the cards that they carry. */
export function deeds(changes: readonly Change[]): string[] {
  return changes
    .filter((change) => {
      if (change.kind === "card.written" || change.kind === "press.noted") return false;
      if (change.kind === "status-card.pressed") return false;
      return change.kind !== "effect.queued" || change.effect.effect.kind !== "reply";
    })
    .map((change) => change.kind);
}
