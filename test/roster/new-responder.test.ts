import {
  externalChannels,
  internalChannels,
  internalResponder,
} from "../../src/roster/new-responder";
import { aMember, anExternal } from "../support/builders";

test("a Webex person becomes an internal responder without numbers", () => {
  const member = aMember({ personId: "dan", name: "Dan Ek", isModerator: true });
  expect(internalResponder(member, "r-1")).toEqual({
    id: "r-1",
    kind: "internal",
    name: "Dan Ek",
    personId: "dan",
    email: "dan@corp.example",
    version: 1,
  });
});

test("a Webex person starts with Webex only", () => {
  expect(internalChannels).toEqual({ webex: true, sms: false, voice: false });
});

test.each([
  ["a mobile number", { mobile: "+14085550101" }, { webex: false, sms: true, voice: false }],
  ["a number for calls", { voice: "+14085550101" }, { webex: false, sms: false, voice: true }],
  ["an e-mail", { email: "e@else.example" }, { webex: true, sms: false, voice: false }],
  ["nothing", {}, { webex: false, sms: false, voice: false }],
])("an external with %s starts with what there is an address for", (_what, ways, channels) => {
  const { id, kind, name, version } = anExternal();
  expect(externalChannels({ id, kind, name, version, ...ways })).toEqual(channels);
});
