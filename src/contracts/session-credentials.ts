/**
 * What opens a session, once. All of it that may reach the issuer's page, which hands it to the frame. An alias, since the compiler takes
 * no interface for a record.
 */
export type SessionCredentials = {
  readonly sessionId: string;
  /** One use, 10 minutes. */
  readonly clientSecret: string;
};
