import { z } from "zod";
import { notFound } from "./api-error";
import { checkId, ok, parseBody, type Answer, type Call, type Route } from "./call";
import { pressCard } from "./message-changes";
import { seenSpace } from "./rooms";
import { actionView } from "./views";

export const attachmentActionRoutes: Route[] = [
  { method: "post", path: "/attachment/actions", answer: createAction },
  { method: "get", path: "/attachment/actions/:id", answer: getAction },
];

const NEW_ACTION = z.object({
  type: z.literal("submit"),
  messageId: z.string(),
  inputs: z.record(z.string(), z.unknown()),
});

function createAction({ state, caller, body }: Call): Answer {
  const { messageId, inputs } = parseBody(NEW_ACTION, body);
  return { status: 202, body: actionView(pressCard(state, caller, checkId(messageId), inputs)) };
}

function getAction(call: Call): Answer {
  const id = checkId(call.params.id);
  const action = call.state.isReadable(id) ? call.state.actions.get(id) : undefined;
  if (!action) throw notFound("attachment action");
  seenSpace(call, action.spaceId);
  return ok(actionView(action));
}
