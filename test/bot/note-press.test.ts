import { anIncident, bo, NOW, ofKind, SPACE } from "../support/builders";
import { aRig, boIsHere, data, DIRECT } from "../support/bot-rig";

const running = { incident: anIncident(), latest: anIncident() };

function noted(rig: ReturnType<typeof aRig>) {
  return ofKind(rig.changes, "status-card.pressed");
}

describe("a press on a status card", () => {
  const pressed = {
    kind: "status-card.pressed",
    spaceId: SPACE,
    cardId: "card-x",
    messageId: "m-7",
    holds: true,
    at: NOW,
  };

  test("is noted with the message that was pressed, once, in the decision that carries it out", async () => {
    const rig = aRig({ state: running });
    rig.withCard({ id: "card-x", kind: "status" });
    await rig.presses(data("roster.add-form", "card-x"), undefined, { messageId: "m-7" });
    expect(noted(rig)).toEqual([pressed]);
    expect(rig.decisions.triggers).toHaveLength(1);
  });

  test("that is refused, or on a card too old, is noted, and holds nothing", async () => {
    for (const expiresAt of [undefined, NOW]) {
      const rig = aRig({ state: running, people: [boIsHere] });
      rig.withCard({ id: "card-x", kind: "status", ...(expiresAt ? { expiresAt } : {}) });
      await rig.presses(data("roster.add-form", "card-x"), bo, { messageId: "m-7" });
      expect(noted(rig)).toEqual([{ ...pressed, holds: false }]);
    }
  });

  test("is noted when nobody knows the card, and holds nothing", async () => {
    const rig = aRig({ state: running });
    await rig.presses(data("roster.add-form", "unknown"), undefined, { messageId: "m-7" });
    expect(noted(rig)).toEqual([{ ...pressed, cardId: "", holds: false }]);
  });

  test("is not noted for another kind of card, nor where it was pressed outside of its space", async () => {
    const rig = aRig({ state: running });
    rig.withCard({ id: "card-x", kind: "help" });
    await rig.presses(data("incident.status", "card-x"), undefined, { messageId: "m-7" });
    rig.withCard({ id: "card-y", kind: "status" });
    await rig.presses(data("roster.add-form", "card-y"), undefined, { spaceId: DIRECT });
    expect(noted(rig)).toEqual([]);
  });
});
