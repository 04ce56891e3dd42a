import type { Problem } from "./openapi-check";

/** A difference from the description that is known and right. One that is never met is a mistake. */
export interface Exception {
  reason: string;
  covers(problem: Problem): boolean;
}

export const exceptions: readonly Exception[] = [
  except("the next page is asked for by the address that Webex gives, whatever stands in it", {
    operation: /^GET \/people$/,
    part: /^query$/,
    detail: /^must NOT have additional properties: cursor$/,
  }),
  except("a card is described as a stored file; it is checked as a card instead", {
    operation: /^(GET|POST) \/messages/,
    part: /^(request|answer)$/,
    detail: /^(\/items\/\*)?\/attachments\/\*/,
  }),
  except("the inputs of a press are those of the card, not those of the example", {
    operation: /^(POST|GET) \/attachment\/actions/,
    part: /^(request|answer)$/,
    detail: /^\/inputs must NOT have additional properties/,
  }),
  except("the webhook that hears everything, all/all, lacks in the lists of values", {
    operation: /^(GET|POST|PUT) \/webhooks/,
    part: /^(request|answer)$/,
    detail: /^(\/items\/\*)?\/(resource|event) must be equal to one of the allowed values/,
  }),
  except("webhooks come with their organisation and owner, which are not described", {
    operation: /^(GET|POST|PUT) \/webhooks/,
    part: /^answer$/,
    detail: /^(\/items\/\*)? ?must NOT have additional properties: (orgId|createdBy)$/,
  }),
  except("a new message comes with html and parentId, as it does when it is read", {
    operation: /^POST \/messages$/,
    part: /^answer$/,
    detail: /^must NOT have additional properties: (html|parentId)$/,
  }),
  except("a listed direct message is described without the html and the card that each other has", {
    operation: /^GET \/messages\/direct$/,
    part: /^answer$/,
    detail: /^\/items\/\* must NOT have additional properties: (html|attachments)$/,
  }),
  except("an ad-hoc meeting takes title, start and end from Webex, as its own words say", {
    operation: /^POST \/meetings$/,
    part: /^request$/,
    detail: /^must have required property '(title|start|end)'$/,
  }),
  except("a site without telephony gives no numbers to dial", {
    operation: /^POST \/meetings$/,
    part: /^answer$/,
    detail: /^must have required property 'telephony'$/,
  }),
  except("who takes part in meetings is described elsewhere in what Webex publishes", {
    operation: /^(GET|POST|PUT) \/meetingParticipants/,
    part: /^path$/,
    detail: /^is not described$/,
  }),
  except("OAuth is described in a guide and not in the list of calls", {
    operation: /^((GET|POST) \/authorize|POST \/access_token)$/,
    part: /^path$/,
    detail: /^is not described$/,
  }),
  except("files of messages are described in a guide and not in the list of calls", {
    operation: /^GET \/contents\//,
    part: /^path$/,
    detail: /^is not described$/,
  }),
];

function except(
  reason: string,
  pattern: { operation: RegExp; part: RegExp; detail: RegExp },
): Exception {
  return {
    reason,
    covers: ({ operation, part, detail }) =>
      pattern.operation.test(operation) && pattern.part.test(part) && pattern.detail.test(detail),
  };
}
