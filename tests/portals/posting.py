"""Posts and deadlines for tests of the desk."""

from datetime import UTC, datetime
from uuid import uuid4
from zoneinfo import ZoneInfo

from django.test import Client

from shuzheng.base.directory import queries as directory
from shuzheng.base.directory.models import Organization, Person, Post
from shuzheng.base.kernel.ids import new_id
from shuzheng.base.kernel.types import Actor, PostId
from tests.portals.conftest import AT

BUREAU, COUNTY, CITY = "11990102MBY000096A", "11990102MBY00007XF", "11990100MBY000010J"
OTHER_BUREAU = "11990122MBY0000A44"
ZONE = ZoneInfo("Asia/Shanghai")


def local(year: int, month: int, day: int, hour: int = 10) -> datetime:
    """A moment in the city's local time, in UTC."""
    return datetime(year, month, day, hour, tzinfo=ZONE).astimezone(UTC)


def give_post(person_name: str, org: str, roles: str, name: str = "") -> Post:
    """Give a person of the template city one more post."""
    return Post.objects.create(
        public_id=new_id(AT),
        person=Person.objects.get(name=person_name),
        organization=Organization.objects.get(code=org),
        name=name or f"岗位{uuid4().hex[:6]}",
        roles=f";{roles};",
    )


def post_named(person_name: str, org: str = BUREAU) -> Post:
    """The oldest post of a person in an organization."""
    return Post.objects.filter(person__name=person_name, organization_id=org).order_by("pk")[0]


def take_post(client: Client, post: Post) -> None:
    """Choose the post to act in, as the page does."""
    response = client.post("/desk/post/", {"post": str(post.public_id)})
    assert response.status_code == 302, response.content.decode()


def acting(name: str, post: Post, at: datetime) -> Actor:
    account = directory.find_account(name)
    assert account is not None
    return directory.get_actor(account.id, at=at, post=PostId(post.public_id))
