function read(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is missing: journeys run through "npx playwright test".`);
  return value;
}

/** Where the demo of the journeys is reached; e2e/global-setup.ts starts it. */
export const demo = {
  get bankUrl() {
    return read("E2E_BANK_URL");
  },
  get designerUrl() {
    return read("E2E_DESIGNER_URL");
  },
  get platformUrl() {
    return read("E2E_PLATFORM_URL");
  },
};
