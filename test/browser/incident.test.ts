import { withSandbox } from "./with-sandbox";

const stage = withSandbox();

it("a newcomer plays a whole incident", async () => {
  const ana = await stage.visit();
  const guide = ana.page.getByRole("region", { name: "Guide" });
  await guide.getByText("Something is wrong").waitFor();
  await ana.page.getByRole("heading", { name: "Payments incidents" }).waitFor();

  await ana.starts("payments down");
  await ana.card("payments down").getByText("4 waiting").waitFor();
  await guide.getByRole("button", { name: "Start (done)" }).waitFor();
  await ana.count("Accepted", 4).waitFor();

  // Somebody of Webex is told alone, and answers by a button.
  await ana.looksAtDirect("Ben Carter");
  await ana.presses("On my way", ana.card("payments down"));
  await ana.looksAtSpace();
  await ana.sees("1 of 4 answered");

  // Somebody who has only a phone; the form comes alone, since it holds numbers.
  await ana.says("@Muster add external Grace Hall");
  await ana.sees("I sent you the form.");
  await ana.looksAt("Muster Direct");
  const form = ana.card("A person with a phone");
  await form.getByRole("textbox", { name: /^Mobile number/ }).fill("12345");
  await ana.presses("Save and add here", form);
  const again = ana.card("This number cannot be dialled. Write it with its country code");
  await again.getByRole("textbox", { name: /^Mobile number/ }).fill("+1 202 555 0143");
  await again.getByRole("textbox", { name: /^Number to call/ }).fill("+1 202 555 0143");
  await ana.presses("Save and add here", again);
  await ana.sees("Grace Hall is saved and is on the roster of Payments incidents.");

  const grace = await ana.takesPhone("Grace Hall");
  const texts = grace.getByRole("log", { name: /^Texts of/ });
  await texts.getByText("you are needed for the incident payments down").waitFor();
  await ana.count("Delivered", 1).waitFor();

  // Calls wait for answers to texts.
  await ana.lets(1);
  await grace.getByRole("button", { name: "Answer", exact: true }).click();
  const words = grace.getByRole("log", { name: "Words of the call" });
  await words.getByText("Press 1 if you are coming").waitFor();
  await grace.getByRole("button", { name: "1", exact: true }).click();
  await words.getByText("You are down as coming").waitFor();
  await grace.getByRole("button", { name: "Hang up" }).click();
  await grace.getByText("Keys pressed: 1").waitFor();

  await ana.looksAtSpace();
  await ana.says("@Muster status");
  await ana.card("by a key in the call").getByText("3 coming").waitFor();

  // She changes her mind in words.
  await grace.getByRole("textbox", { name: /^Reply from/ }).fill("N1");
  await grace.getByRole("button", { name: /^Send from/ }).click();
  await texts.getByText("noted, you are not coming to the incident payments down").waitFor();
  await ana.says("@Muster status");
  await ana.card("by text").getByText("1 declined").waitFor();

  await ana.stops("payments down");
  await texts.getByText("payments down is over").waitFor();
  await guide.getByRole("button", { name: "Stop (done)" }).waitFor();
});

it("lets the clock move, and a reminder comes", async () => {
  const ana = await stage.visit();
  await ana.starts("clock");
  await ana.looksAtDirect("Carla Rossi");
  await ana.card("You are needed").filter({ hasText: "clock" }).waitFor();
  const time = ana.page.getByRole("group", { name: "Clock" }).getByRole("time");
  const before = minutesOf(await time.textContent());
  await ana.lets(5);
  await ana.card("Reminder: you are needed").filter({ hasText: "clock" }).waitFor();
  await ana.lets(1);
  await ana.lets(60);
  // The page asks the sandbox's clock, so it shows what has passed there.
  await time.getByText(clockAfter(before + 66)).waitFor();
});

function minutesOf(time: string | null): number {
  const [hours = 0, minutes = 0] = (time ?? "").split(":").map(Number);
  return hours * 60 + minutes;
}

/** "14:05" or, as the clock goes on, the minute after it. */
function clockAfter(minutes: number): RegExp {
  const shown = [minutes, minutes + 1].map((each) => {
    const [hour, minute] = [Math.floor(each / 60) % 24, each % 60];
    return `${String(hour).padStart(2, "0")}:${String(minute).padStart(2, "0")}`;
  });
  return new RegExp(`^(${shown.join("|")}):`);
}
