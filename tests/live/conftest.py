from tests.portals.conftest import city, visitor

__all__ = ["city", "visitor"]
