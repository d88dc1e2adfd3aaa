"""Customers whose habits are drawn: the same from the same seed, over HTTP and in-process on a virtual clock."""

from random import Random
from uuid import UUID

import httpx
import pytest

from sandbox.partner_center import Act, Operation, PartnerCenterThread, Settings
from sandbox.partner_center.customer import CustomerScript
from sandbox.partner_center.hostile import deal
from tests.contract.partner_center_simulator.in_process import InProcess

CUSTOMERS = [str(UUID(int=number)) for number in range(1, 21)]


def week(settings: Settings, customers: list[str]) -> list[tuple[str, str]]:
    """Ask for each customer and look each hour for a week, without any I/O; return what each call came to."""
    partner = InProcess(settings)
    seen: dict[str, list[str]] = {customer: [] for customer in customers}
    for hour in range(7 * 24):
        for customer in customers:
            came_to = partner.post(customer) if hour % 72 == 1 else partner.get(customer)
            said = came_to if isinstance(came_to, Act) else f"{came_to.status} {came_to.body!r}"
            seen[customer].append(f"{hour} {said}")
        partner.advance(hours=1)
    return [(customer, line) for customer, lines in seen.items() for line in lines]


def test_a_week_is_the_same_from_the_same_seed_and_another_from_another() -> None:
    """On a virtual clock, with no wait and no draw of its own."""
    first, again, other = (week(Settings(seed=seed, hostility=0.5), CUSTOMERS) for seed in (7, 7, 8))
    assert first == again
    assert first != other


def test_a_customers_fate_does_not_depend_on_the_others() -> None:
    """Alone or in a crowd it meets the same."""
    settings = Settings(seed=7, hostility=0.5)
    crowd = week(settings, CUSTOMERS)
    alone = week(settings, CUSTOMERS[4:5])
    assert [line for line in crowd if line[0] == CUSTOMERS[4]] == alone


def test_without_hostility_nothing_is_drawn() -> None:
    """A request is in review, and then approved."""
    calm = week(Settings(seed=7), CUSTOMERS[:1])
    assert all(line.split()[1] in {"200", "201"} for _, line in calm)


@pytest.mark.parametrize("hostility", [0.2, 1.0])
def test_every_habit_is_drawn_now_and_then_and_its_mishaps_end(hostility: float) -> None:
    """In 300 customers each field of the script differs from the default; every fault befalls a few calls only."""
    dealt = [
        deal(Random(seed), hostility)  # noqa: S311  repeatable, not secret
        for seed in range(300)
    ]
    changed = {name for each in dealt for name in each.script.model_fields_set}
    assert changed == {"education", "refusals", "replay", "refused", "rows", "shape"}
    faults = [fault for each in dealt for fault in each.faults]
    assert {fault.operation for fault in faults} == {Operation.POST, Operation.GET, Operation.ANY}
    assert all(fault.times is not None and fault.times <= 3 for fault in faults)
    assert any(each.earlier for each in dealt)
    assert any(fault.look.nothing for fault in faults)
    assert any(fault.late.effect_after and fault.then is Act.HANG for fault in faults)


def test_no_hostility_deals_nothing() -> None:
    """The customer is the usual one."""
    dealt = deal(Random(1), 0)  # noqa: S311  repeatable, not secret
    assert (dealt.script, dealt.faults, dealt.earlier) == (CustomerScript(), (), ())


def test_hostility_is_switched_on_over_http(
    app: httpx.Client, qualifications: str, customer: str, partner_center: PartnerCenterThread
) -> None:
    """The control tells what a customer was dealt; one with a script of its own is dealt nothing."""
    app.patch("/_control/settings", json={"seed": 3, "hostility": 1, "pace": 0.001})
    plain = CUSTOMERS[0]
    partner_center.run(lambda state: state.script(CustomerScript(education_requests=1), plain))
    app.get(qualifications)
    app.get(f"/v1/customers/{plain}/qualifications")
    dealt = deal(Random(f"3/{customer}/habits"), 1, 0.001)  # noqa: S311  repeatable, not secret
    assert app.get(f"/_control/customers/{customer}/script").json() == dealt.script.model_dump(
        mode="json", by_alias=True
    )
    assert {fault["customer"] for fault in app.get("/_control/faults").json().values()} <= {customer}
    assert app.get(f"/_control/customers/{plain}/script").json()["rows"]["history"] == "newest"
