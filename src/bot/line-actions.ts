/** A command that was too old when it was read, and is wanted all the same. */
export const DO_NOW = "bot.do-now";
/** A command as it was probably meant. */
export const RUN_SUGGESTION = "bot.run";
