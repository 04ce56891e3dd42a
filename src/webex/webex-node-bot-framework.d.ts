// The few calls that are used; the package (2.3.14) comes without types.

interface FrameworkSdk {
  people: { get(id: string): Promise<object> };
  messages: {
    get(id: string): Promise<object>;
    create(message: object): Promise<{ id: string; roomId: string }>;
  };
  attachmentActions: { get(id: string): Promise<object> };
  memberships: {
    get(id: string): Promise<object>;
    list(query: Record<string, string | number>): Promise<object>;
  };
  rooms: { get(id: string): Promise<object> };
  webhooks: {
    list(): Promise<object>;
    create(webhook: object): Promise<object>;
    remove(webhook: object): Promise<void>;
  };
}

interface FrameworkBot {
  say(message: object): PromiseLike<{ id: string; roomId: string }>;
}

interface FrameworkOptions {
  token: string;
  webhookUrl: string;
  removeWebhooksOnStart: boolean;
  maxStartupSpaces: number;
  httpsProxy?: string;
}

declare module "webex-node-bot-framework" {
  class Framework {
    constructor(options: FrameworkOptions);
    readonly webex: FrameworkSdk;
    readonly webhook: { name?: string };
    start(): PromiseLike<unknown>;
    getBotByRoomId(roomId: string): FrameworkBot | undefined;
    on(
      event: "message" | "attachmentAction",
      listener: (bot: FrameworkBot, trigger: { id: string }) => void,
    ): void;
  }
  export = Framework;
}

declare module "webex-node-bot-framework/webhook.js" {
  import type Framework from "webex-node-bot-framework";
  function webhook(
    framework: Framework,
  ): (request: { headers: object; body: object }) => PromiseLike<unknown> | undefined;
  export = webhook;
}
