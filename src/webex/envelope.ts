/** What Webex posts to us when something was written or pressed: who and where, never the content. */
export interface WebhookEnvelope {
  resource: "messages" | "attachmentActions";
  event: "created";
  data: {
    id: string;
    roomId: string;
    personId: string;
    personEmail?: string;
    roomType?: "group" | "direct";
    created?: string;
  };
}
