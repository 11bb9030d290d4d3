"""Lists that are shown page by page."""


def count_pages(count: int, page_size: int) -> int:
    """How many pages `count` rows fill; an empty list still has one."""
    return max(1, -(-count // page_size))
