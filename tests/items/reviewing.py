"""The template city with an approver at the leading bureau and two more data authorities."""

from dataclasses import replace

from shuzheng.base.directory.queries import list_posts_of
from shuzheng.base.kernel.pack import PackRows, Row
from shuzheng.base.kernel.types import Actor
from tests.items.city import person, with_cell

BUREAU, AUTHORITY, COUNTY = "11990100MBY000037A", "11990100MBY0000455", "11990102MBY000096A"
TWO_POSTS, CITY_CLERK, SECOND_REVIEWER, THIRD_REVIEWER = (
    "990100197206069916",
    "990100198401159946",
    "990102198512019930",
    "990102198802299942",
)
CITY_CLERK_ROW = 7


def in_post(id_no: str, organization: str) -> Actor:
    actor = person(id_no)
    assert actor.person is not None
    post = next(p for p in list_posts_of(actor.person) if p.organization == organization)
    return replace(actor, post=post.id, org=post.organization, org_name=post.organization_name, roles=post.roles)


def with_reviewers(rows: PackRows) -> PackRows:
    """The same city with an approver at the bureau and two more reviewers."""
    rows = with_cell(rows, "posts.csv", CITY_CLERK_ROW, roles="service_window;approval")
    posts = list(rows.of("posts.csv"))
    first = posts[0]
    for id_no, name in ((SECOND_REVIEWER, "章云烟"), (THIRD_REVIEWER, "沈藏锋")):
        cells = {
            "person_id_no": id_no,
            "person_name": name,
            "organization": AUTHORITY,
            "organization_name": "市数管局",
            "post_name": "数据主管",
            "roles": "data_authority",
        }
        posts.append(Row(first.file, first.line, cells, first.table))
    return replace(rows, rows={**rows.rows, "posts.csv": posts})
