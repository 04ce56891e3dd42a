import type { Grant } from "../../grants/grant";
import { standingRefusal } from "../../incident/meeting-hosts";
import { shown, thousands } from "./text";
import { utcTime } from "./time";

/** Without an integration nobody can give the bot anything at Webex. */
export function noIntegration(): string {
  return `I cannot ask Webex for that: this server has no Webex integration. ${howToIntegrate()}`;
}

/** The refusal of what is for administrators, where nobody can be checked. */
export function noDirectoryGrant(hasIntegration: boolean): string {
  return hasIntegration
    ? "The directory is not connected. An administrator of your organisation can connect it: " +
        "write **authorize** to me."
    : "The directory is not connected, and this server has no Webex integration to connect it " +
        `with. ${howToIntegrate()}`;
}

function howToIntegrate(): string {
  return (
    "Whoever runs it has to register one and set CLIENT_ID and CLIENT_SECRET. Incidents work " +
    "without it."
  );
}

export function notAdmin(giver: string): string {
  return (
    "Only administrators of your organisation can do that, as Webex shows them, and " +
    `${shown(giver)}, who connected the directory.`
  );
}

/** Where the grant that administrators are asked for with opens nothing. */
export function cannotCheckAdmin(giver: string): string {
  return (
    `The grant that ${shown(giver)} gave me does not open the directory any more, so I cannot ask Webex who is an ` +
    "administrator. If you are one, write **authorize**: a new grant takes the place of the old one."
  );
}

/** Webex refuses the server itself, not the grant. */
export function integrationRefused(): string {
  return (
    "Webex does not accept this server's CLIENT_ID or CLIENT_SECRET, so I cannot ask it who is an " +
    "administrator. Whoever runs the server has to correct them. Incidents work without it."
  );
}

export function authorizeUsage(): string {
  return "Write **authorize** for the directory, or **authorize meetings** for meetings. Nothing was done.";
}

export function directoryUsage(): string {
  return (
    "Write **directory** to see how it is, or **directory refresh** to read it anew. To find " +
    "somebody, write **add** and the name in the space."
  );
}

export function revokeUsage(): string {
  return "Write **revoke** for the directory, or **revoke meetings** for meetings. Nothing was done.";
}

/** For `authorize meetings` by who moderates nothing. */
export function onlyForModerators(): string {
  return (
    "That is for people who moderate a space that I am in: I would open the meetings of these " +
    "spaces. Add me to a space of yours, under People, or ask to be made a moderator."
  );
}

/** Above the card with the link, where there is a grant already. */
export function grantedAlready(grant: Grant, now: number, askedBy: string): string {
  const { diedAt, grantedAt, isLent, kind, personId, personName } = grant;
  const who = personId === askedBy ? "You" : shown(personName, 60);
  const what = kind === "meetings" && isLent ? ", also for incidents of other moderators" : "";
  const works = diedAt === undefined ? wentWrong(grant, now) : " It does not work any more.";
  return `${who} gave me this at ${utcTime(grantedAt, now)}${what}.${works} A new grant takes its place.`;
}

function wentWrong(grant: Grant, now: number): string {
  const refusal = standingRefusal(grant, now);
  if (!refusal) return "";
  const { until, why } = refusal;
  const again = until === undefined ? "" : `; I do not ask again before ${utcTime(until, now)}`;
  return ` What went wrong last: ${shown(why, 200)}${again}.`;
}

export function grantIsDead(): string {
  return "The grant does not work any more, so nothing can be read with it.";
}

/** To who revoked the directory's grant; `people` were in the copy, where there was one. */
export function directoryRevoked(grant: Grant, people: number | undefined, by: string): string {
  const isTheirs = grant.personId === by;
  const whose = isTheirs ? "Your grant" : `The grant of ${shown(grant.personName, 60)}`;
  const gone =
    people === undefined
      ? "is deleted"
      : `and my copy of the directory (${thousands(people, "person", "people")}) are deleted`;
  const token = grant.diedAt === undefined ? ` ${staysAtWebex(isTheirs)}` : "";
  return (
    `${whose} ${gone}. From now on people are added by their full e-mail address. ` +
    `**authorize** connects the directory again.${token}`
  );
}

/** What is deleted here is not ended at Webex, where its giver can end it. */
function staysAtWebex(isTheirs: boolean): string {
  const [who, whose] = isTheirs ? ["you", "your"] : ["who gave it", "their"];
  return (
    `At Webex its token stays valid until it expires; ${who} can end it sooner, on the profile ` +
    `page of ${whose} Webex account.`
  );
}

/** To who gave the grant that somebody else revoked. */
export function yourGrantRevoked(by: string): string {
  return (
    `${shown(by, 60)} revoked the grant with which I read your organisation's directory. It and my ` +
    `copy of the directory are deleted. ${staysAtWebex(true)}`
  );
}

/** To who gave the grant in whose place somebody else's came. */
export function yourGrantReplaced(by: string): string {
  return (
    `${shown(by, 60)} connected the directory anew. Your grant is deleted, theirs is used from now ` +
    `on. ${staysAtWebex(true)}`
  );
}

export function noMeetingsGrant(): string {
  return "You have not let me open meetings in your name, so there is nothing to revoke.";
}

export function meetingsRevoked(): string {
  return (
    "Your grant for meetings is deleted. I open no more meetings in your name; one that is open " +
    `stays open until you end it. ${staysAtWebex(true)}`
  );
}

/** To who gave it, when it was verified and kept. */
export function granted({ isLent, kind }: Pick<Grant, "kind" | "isLent">): string {
  if (kind === "directory")
    return (
      "Thank you, the directory is connected. I read it now and tell you here how it goes; after " +
      "that it is read regularly. **directory** shows how it is, **revoke** ends it."
    );
  const whose = isLent
    ? "you or another moderator start an incident in a space that you moderate"
    : "you start an incident";
  return (
    `Thank you. When ${whose}, I open the meeting of that space in your name. ` +
    "**revoke meetings** ends it."
  );
}

/** To who gave it, once, when Webex renews it no more; without it the bot does what it can. */
export function died({ grantedAt, kind }: Grant, now: number): string {
  const which = `the grant that you gave at ${utcTime(grantedAt, now)}`;
  if (kind === "directory")
    return (
      `Webex does not renew ${which} any more: it was not used for too long, or was withdrawn. The ` +
      "directory is not read until you or another administrator authorise anew; the old copy stays in use."
    );
  return (
    `Webex does not renew ${which} any more: it was not used for too long, or was withdrawn. I open ` +
    "no meeting in your name until you authorise anew."
  );
}
