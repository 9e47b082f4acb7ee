import type { DesignerClient, SecretOutcome } from "./designer-client.ts";
import type { Visitor, Visits } from "./visits.ts";

export interface CardSessionRequest {
  readonly why: "start" | "refresh";
  readonly productId: string;
  readonly locale?: string | undefined;
}

/** Opens and renews the designer sessions of the bank's visitors. */
export function createCardSessions(designer: DesignerClient, visits: Visits, bankOrigin: () => string) {
  const running = new Map<string, Promise<unknown>>();

  const openNew = async (visitor: Visitor, { productId, locale }: CardSessionRequest): Promise<SecretOutcome> => {
    const outcome = await designer.openSession({
      cardholderId: visitor.cardholderId,
      productId,
      origins: [bankOrigin()],
      ...(locale !== undefined && { locale }),
    });
    if (outcome.kind === "secret") visits.keepSession(visitor, productId, outcome.secret.sessionId);
    return outcome;
  };
  const give = async (visitor: Visitor, request: CardSessionRequest): Promise<SecretOutcome> => {
    const known = visits.sessionOf(visitor, request.productId);
    if (known !== null) {
      // Since the session was opened the bank may have been started again at another port.
      const outcome = await designer.renewSecret(known, [bankOrigin()]);
      if (outcome.kind !== "over") return outcome;
    }
    // A designer that runs belongs to the session it was started with: another one would not be its own.
    return request.why === "start" ? openNew(visitor, request) : { kind: "over" };
  };

  /** One at a time for a visitor and card, so that two tabs opened at once share one session. */
  return async (visitor: Visitor, request: CardSessionRequest): Promise<SecretOutcome> => {
    const key = `${visitor.idHash} ${request.productId}`;
    const before = running.get(key) ?? Promise.resolve();
    const mine = before.then(() => give(visitor, request));
    running.set(key, mine);
    return mine.finally(() => {
      if (running.get(key) === mine) running.delete(key);
    });
  };
}
