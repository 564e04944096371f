// How many calls a sub-account may have at once: a number, or nothing for any number.

const MOST = 1_000_000;

export const concurrencyFault = (typed: string) =>
  typed.trim() === "" || (/^\d{1,7}$/.test(typed.trim()) && Number(typed) >= 1 && Number(typed) <= MOST)
    ? null
    : "From 1 to 1,000,000, or empty for any number";

export const concurrencyValue = (typed: string) => (typed.trim() === "" ? null : Number(typed));
