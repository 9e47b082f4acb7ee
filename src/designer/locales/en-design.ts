/** Texts of the design step. */
export const enDesign = {} as const;
