import type { DatabaseSync } from "node:sqlite";
import { drawFault, type Fault, type FaultMethod, type FaultName, type FaultOrder } from "./faults.ts";
import { applyChange, initialSwitches, readKept, type Switches, type SwitchesChange } from "./switches.ts";

export function insert(database: DatabaseSync, table: string, row: object): void {
  const names = Object.keys(row);
  const places = names.map((name) => `:${name}`).join(", ");
  database
    .prepare(`insert into ${table} (${names.join(", ")}) values (${places})`)
    .run(row as Record<string, string | number | null>);
}

/** How the platform is set up. */
export function settingsTable(database: DatabaseSync) {
  const readSwitches = (): Switches => {
    const row = database.prepare("select value from settings where name = 'switches'").get();
    return row === undefined ? initialSwitches : readKept(String(row.value));
  };
  return {
    readSwitches,
    changeSwitches: (change: SwitchesChange): Switches => {
      const value = applyChange(readSwitches(), change);
      const kept = JSON.stringify(value);
      database.prepare("insert or replace into settings (name, value) values ('switches', ?)").run(kept);
      // From its first call on: a seed that is set anew draws the same again.
      if (change.cruel !== undefined) database.exec("delete from draws");
      return value;
    },
  };
}

export interface FaultRow extends FaultOrder {
  readonly id: number;
}

/** What goes wrong next. */
export function faultTable(database: DatabaseSync, readSwitches: () => Switches) {
  const toOrder = (row: Record<string, unknown>): FaultRow => ({
    id: row.id as number,
    method: row.method as FaultMethod,
    fault: { name: row.name as FaultName, amount: row.amount as number },
    times: row.times as number | null,
  });
  const takeOrdered = (method: FaultMethod): Fault | null => {
    const row = database.prepare("select * from faults where method = ? order by id limit 1").get(method);
    if (row === undefined) return null;
    const { id, fault, times } = toOrder(row);
    if (times === 1) database.prepare("delete from faults where id = ?").run(id);
    else if (times !== null) database.prepare("update faults set times = ? where id = ?").run(times - 1, id);
    return fault;
  };
  const draw = (method: FaultMethod): Fault | null => {
    const { cruel } = readSwitches();
    if (!cruel.on) return null;
    const row = database
      .prepare(
        `insert into draws (method, taken) values (?, 1)
          on conflict (method) do update set taken = taken + 1 returning taken`,
      )
      .get(method);
    return drawFault(cruel, method, Number(row?.taken));
  };
  return {
    addFault: ({ method, fault, times }: FaultOrder) =>
      insert(database, "faults", { method, name: fault.name, amount: fault.amount, times }),
    /** In the order in which they are taken. */
    listFaults: () => database.prepare("select * from faults order by id").all().map(toOrder),
    clearFaults: (method: FaultMethod | null) => {
      database.prepare("delete from faults where ?1 is null or method = ?1").run(method);
    },
    /** What the next call of this method suffers: the fault that was ordered first, else one that `cruel` draws, else none. */
    takeFault: (method: FaultMethod): Fault | null => takeOrdered(method) ?? draw(method),
  };
}
