"""How a report reads."""


def sentence(day, orders, cents):
    """One sentence about a day, e.g. "2025-03-01: 3 orders, 73.50 EUR"."""
    noun = "order" if orders == 1 else "orders"
    return f"{day}: {orders} {noun}, {cents / 100:.2f} EUR"
