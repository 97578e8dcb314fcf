/** An amount of money in the smallest unit of the shop's currency, so that sums are exact. */
export type Cents = number;

/** The price of `quantity` pieces. */
export const times = (price: Cents, quantity: number): Cents => price * quantity;

/** The sum of all amounts. */
export const total = (amounts: readonly Cents[]): Cents => amounts.reduce((sum, amount) => sum + amount, 0);

/** The amount as customers read it: `€12.50`. */
export const format = (amount: Cents): string => `€${(amount / 100).toFixed(2)}`;
