import { showBanners } from "./banners";
import { keepChoice } from "./choice";
import { clockView } from "./clock-view";
import { Composer } from "./composer";
import { Conversation } from "./conversation";
import { byId, el } from "./dom";
import { follow } from "./event-stream";
import { FaultsPanel } from "./faults-panel";
import { Guide } from "./guide";
import { muteButton } from "./mute-button";
import { Parts } from "./parts";
import { PeopleList } from "./people-list";
import { PhoneList } from "./phone-list";
import { keepRead } from "./read-marks";
import { SpaceList } from "./space-list";
import { Store } from "./store";
import { strip } from "./strip";

const store = new Store();
const parts = new Parts(byId("parts"));
const showConversation = (): void => parts.show("conversation");

store.on(["people", "spaces", "phones"], () => keepChoice(store));
showBanners(store, byId("banners"));

const composer = new Composer(store);
const guide = new Guide(store, composer, showConversation);
const faults = new FaultsPanel(store);
const clock = clockView(store, (sentence) => faults.tell(sentence));
const controls = el("div", { class: "controls" }, strip(store), clock, faults.button, guide.button);
byId("top").append(controls, faults.element);

const people = new PeopleList(store, heading("Speak as"));
const spaces = new SpaceList(store, heading("Spaces"), showConversation);
byId("places").append(people.element, spaces.element);
new PhoneList(store, byId("phones"), heading("Phones", muteButton()));

const conversation = byId("conversation");
const opened = store.on(["spaces"], () => {
  opened();
  new Conversation(store, composer, conversation, guide.element);
  store.changed("choice");
});

addEventListener("visibilitychange", () => {
  const space = store.spaces.get(store.spaceId ?? "");
  if (document.hidden || !space) return;
  space.unread = 0;
  store.changed("spaces");
});

store.on(["spaces", "choice", "phones"], () => {
  const isUnread = ({ unread }: { unread: number }): boolean => unread > 0;
  parts.mark("places", [...store.spaces.values()].some(isUnread));
  parts.mark("phones", [...store.phones.values()].some(isUnread));
});

store.on(["spaces", "phones"], () => keepRead(store.spaces.values(), store.phones.values()));

follow(store);

function heading(text: string, ...more: Element[]): HTMLElement {
  return el("div", { class: "heading" }, el("h2", {}, text), ...more);
}
