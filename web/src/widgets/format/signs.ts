/** A real minus: as wide as a plus and at its height, which the hyphen of `-5` is not. */
export const MINUS = "\u2212";
