"""Number licences: one counting statement, safe with many writers on SQLite and PostgreSQL."""

from typing import Final

from django.db import connection

from shuzheng.engines.credentials.models import LicenceType

_COUNT: Final = """
    INSERT INTO credentials_serial (type_id, issuer, year, last) VALUES (%s, %s, %s, 1)
    ON CONFLICT (type_id, issuer, year) DO UPDATE SET last = credentials_serial.last + 1
    RETURNING last
"""


def take_serial(licence_type: LicenceType, *, issuer: str, year: int) -> int:
    """Return the next count of an issuer's licences of a type in a year, inside the caller's transaction.

    The row stays locked until that ends, so an undone issuing leaves no gap.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [licence_type.pk, issuer, year])
        row = cursor.fetchone()
    if row is None:
        raise LookupError("the counting statement returned nothing")
    return int(row[0])
