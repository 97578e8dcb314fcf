/** The services of `examples/shop`, by their paths. */
export const CATALOG = 'services/catalog';
export const ORDERS = 'services/orders';
export const REPORTS = 'services/orders/reports';
export const NOTIFICATIONS = 'services/notifications';
