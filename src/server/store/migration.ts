/** One of the newest schema's steps. What has been released is never changed, not by a blank: data made with it exists. */
export interface Migration {
  readonly name: string;
  /** SQL that names no constant of today's code. */
  readonly statements: readonly string[];
  /**
   * Versions before the one that made a migration one transaction could die between two statements and leave it half done and
   * unrecorded. What it makes (only `create` statements, then) is made unless it is there.
   */
  readonly mayBeHalfDone?: true;
  /** Makes a table anew that others refer to: whether they still do right is looked at before the end. */
  readonly remakesTables?: true;
}
