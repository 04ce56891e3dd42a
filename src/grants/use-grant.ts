import { RemoteError } from "../errors";
import type { GrantUse } from "./ports";
import { GrantRenewals, type RenewGrantsOptions } from "./renew-grants";

/** Uses grants, and renews them before they expire: `timer` says when. */
export function createGrantUse(
  options: RenewGrantsOptions,
): GrantUse & { timer: GrantRenewals["timer"] } {
  const renewals = new GrantRenewals(options);

  return {
    timer: renewals.timer,
    use: async (grantId, call) => {
      const { grant, tokens } = await renewals.find(grantId);
      const isExpired = grant.accessExpiresAt <= options.clock.now();
      const { access } = isExpired ? await renewals.renew(grantId, tokens.access) : tokens;
      try {
        return await call(access);
      } catch (error) {
        // What is renewed already and refused all the same gets no better by renewing.
        if (isExpired || !isUnauthorised(error)) throw error;
        const renewed = await renewals.renew(grantId, access);
        return call(renewed.access);
      }
    },
  };
}

function isUnauthorised(error: unknown): boolean {
  return error instanceof RemoteError && error.failure.status === 401;
}
