import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { root } from "./steps.mjs";

/** Of each section the numbers of level 1 and of level 2: OWASP ASVS 5.0.0. */
const sections: Readonly<Record<string, readonly [one: string, two: string]>> = {
  "1.1": ["", "1-2"],
  "1.2": ["1-5", "6-9"],
  "1.3": ["1-2", "3-11"],
  "1.4": ["", "1-3"],
  "1.5": ["1", "2"],
  "2.1": ["1", "2-3"],
  "2.2": ["1-2", "3"],
  "2.3": ["1", "2-4"],
  "2.4": ["", "1"],
  "3.2": ["1-2", ""],
  "3.3": ["1", "2-4"],
  "3.4": ["1-2", "3-6"],
  "3.5": ["1-3", "4-5"],
  "3.7": ["", "1-2"],
  "4.1": ["1", "2-3"],
  "4.2": ["", "1"],
  "4.3": ["", "1-2"],
  "4.4": ["1", "2-4"],
  "5.1": ["", "1"],
  "5.2": ["1-2", "3"],
  "5.3": ["1-2", ""],
  "5.4": ["", "1-3"],
  "6.1": ["1", "2-3"],
  "6.2": ["1-8", "9-12"],
  "6.3": ["1-2", "3-4"],
  "6.4": ["1-2", "3-4"],
  "6.5": ["", "1-5"],
  "6.6": ["", "1-3"],
  "6.8": ["", "1-4"],
  "7.1": ["", "1-3"],
  "7.2": ["1-4", ""],
  "7.3": ["", "1-2"],
  "7.4": ["1-2", "3-5"],
  "7.5": ["", "1-2"],
  "7.6": ["", "1-2"],
  "8.1": ["1", "2"],
  "8.2": ["1-2", "3"],
  "8.3": ["1", ""],
  "8.4": ["", "1"],
  "9.1": ["1-3", ""],
  "9.2": ["1", "2-4"],
  "10.1": ["", "1-2"],
  "10.2": ["", "1-2"],
  "10.3": ["", "1-4"],
  "10.4": ["1-5", "6-11"],
  "10.5": ["", "1-5"],
  "10.6": ["", "1-2"],
  "10.7": ["", "1-3"],
  "11.1": ["", "1-2"],
  "11.2": ["", "1-3"],
  "11.3": ["1-2", "3"],
  "11.4": ["1", "2-4"],
  "11.5": ["", "1"],
  "11.6": ["", "1"],
  "12.1": ["1", "2-3"],
  "12.2": ["1-2", ""],
  "12.3": ["", "1-4"],
  "13.1": ["", "1"],
  "13.2": ["", "1-5"],
  "13.3": ["", "1-2"],
  "13.4": ["1", "2-5"],
  "14.1": ["", "1-2"],
  "14.2": ["1", "2-4"],
  "14.3": ["1", "2-3"],
  "15.1": ["1", "2-3"],
  "15.2": ["1", "2-3"],
  "15.3": ["1", "2-7"],
  "16.1": ["", "1"],
  "16.2": ["", "1-5"],
  "16.3": ["", "1-4"],
  "16.4": ["", "1-3"],
  "16.5": ["", "1-3"],
  "17.1": ["", "1"],
  "17.2": ["", "1-4"],
  "17.3": ["", "1-2"],
};

const statuses = ["met", "partly", "not met", "operator", "does not apply"] as const;

function readDoc(name: string): string {
  return readFileSync(join(root, name), "utf8");
}

function listBetween(section: string, range: string): string[] {
  const [first = "", last = first] = range.split("-");
  const count = range === "" ? 0 : Number(last) - Number(first) + 1;
  return Array.from({ length: count }, (_, index) => `${section}.${Number(first) + index}`);
}

const level1 = Object.entries(sections).flatMap(([section, [one]]) => listBetween(section, one));
const level2 = Object.entries(sections).flatMap(([section, [, two]]) => listBetween(section, two));

/** `1.2.3`, and `1.2.3-1.2.5` as each of them. */
function readNumbers(cell: string): string[] {
  return cell.split(", ").flatMap((part) => {
    const [first = "", last = first] = part.split("-");
    const section = first.slice(0, first.lastIndexOf("."));
    return listBetween(section, [first, last].map((one) => one.slice(one.lastIndexOf(".") + 1)).join("-"));
  });
}

const table = readDoc("docs/security-asvs.md");
const rows = table
  .split("\n")
  .filter((line) => /^\| \d+\.\d/.test(line))
  .map((line) => {
    const [, numbers = "", level = "", , status = "", ...shown] = line.split("|");
    return { numbers: readNumbers(numbers.trim()), level: level.trim(), status: status.trim(), shown: shown.join("|") };
  });

/** Paths of ours in code marks; each with the titles that are quoted after it. */
function readProofs(text: string): { path: string; titles: string[] }[] {
  const pieces = text.split(/`((?:src|scripts|e2e|docs|deploy)\/[^`]+|SECURITY\.md|package-lock\.json)`/);
  return pieces.flatMap((path, index) => {
    if (index % 2 === 0) return [];
    const titles = [...(pieces[index + 1] ?? "").matchAll(/“([^”]+)”/g)].map(([, title = ""]) => title);
    return [{ path, titles }];
  });
}

describe("the table of OWASP ASVS", () => {
  test("has each requirement of levels 1 and 2 once, and no other", () => {
    expect([level1.length, level2.length]).toEqual([70, 183]);
    const listed = rows.flatMap(({ numbers }) => numbers);
    expect(listed.toSorted()).toEqual([...level1, ...level2].toSorted());
  });

  test("says of each row its level and one of five words", () => {
    for (const { numbers, level, status } of rows) {
      const levels = new Set(numbers.map((one) => (level1.includes(one) ? "1" : "2")));
      expect(level, numbers.join()).toBe([...levels].toSorted().join(", "));
      expect(statuses, numbers.join()).toContain(status);
    }
  });

  test("shows what is met by a file, and says of the rest what is missing or why", () => {
    for (const { numbers, status, shown } of rows) {
      const what = numbers.join();
      expect(shown, what).toMatch(/\w/);
      if (status === "met") expect(readProofs(shown), what).not.toEqual([]);
      if (status === "partly") expect(shown, what).toContain("Missing: ");
    }
  });

  test("counts right", () => {
    const counts = statuses.map(
      (status) => rows.filter((row) => row.status === status).flatMap((row) => row.numbers).length,
    );
    const [, said = ""] = /\n\| Met \|.*\n\| ---.*\n\|(.*)\|\n/.exec(table) ?? [];
    expect(said.split("|").map(Number)).toEqual([...counts, level1.length + level2.length]);
  });
});

test.each(["docs/security.md", "docs/security-asvs.md", "SECURITY.md"])(
  "each file and test that %s names is there",
  (name) => {
    const proofs = readProofs(readDoc(name));
    for (const { path, titles } of proofs) {
      expect(existsSync(join(root, path)), path).toBe(true);
      const content = titles.length === 0 ? "" : readDoc(path);
      for (const title of titles) expect(content.includes(title), `${path}: ${title}`).toBe(true);
    }
    const links = [...readDoc(name).matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) => link);
    for (const link of links) expect(existsSync(join(root, name, "..", link)), link).toBe(true);
  },
);
