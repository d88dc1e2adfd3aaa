"""Every alert asks its query of what is deployed, fires where it should, and tells somebody; logs are where they are looked for."""

import re
from datetime import timedelta
from typing import Any

import pytest

from qualification.use_cases.waiting_log import EVERY
from tests.infra.check_queries import QUERIES
from tests.infra.deployed import BOOTSTRAP, MAIN, deployed, scope

LENGTHS = {"PT5M": 5, "PT15M": 15, "PT30M": 30, "PT1H": 60, "PT4H": 240, "PT6H": 360, "P1D": 1440}
"""Minutes of what the rules name."""


def rules(profile: str = "plain") -> dict[str, Any]:
    """The log alerts by name, without what all of their names have before."""
    prefix = deployed(profile).one("Microsoft.Insights/actionGroups")["name"].replace("ag-", "alert-", 1) + "-"
    found = deployed(profile).of_type("Microsoft.Insights/scheduledQueryRules")
    return {each["name"].removeprefix(prefix): each["properties"] for each in found}


@pytest.mark.parametrize("profile", MAIN)
def test_every_query_belongs_to_an_alert_and_gives_its_value(profile: str) -> None:
    """An alert's rule compares the column `value`, of one row or of each combination of the columns that it is split by."""
    assert set(rules(profile)) == set(QUERIES)
    for name, rule in rules(profile).items():
        (criterion,) = rule["criteria"]["allOf"]
        if name != "token-read":  # it names the service, whose id Azure makes
            assert criterion["query"] == QUERIES[name]
        assert (criterion["metricMeasureColumn"], criterion["timeAggregation"]) == ("value", "Maximum")
        last = QUERIES[name].strip().splitlines()[-1]
        found = re.fullmatch(r"\| summarize value = [^,]+?(?: by (.+))?", last)
        assert found, name
        columns = [part.split(" = ")[0] for part in (found[1] or "").split(", ") if part]
        assert [each["name"] for each in criterion["dimensions"]] == columns, name
        assert len(columns) <= 6, "as many as Azure takes"
        assert all(each["values"] == ["*"] and each["operator"] == "Include" for each in criterion["dimensions"])
        assert rule["actions"]["actionProperties"] == ({"Email.Subject": subject(name, columns)} if columns else {})


def subject(name: str, columns: list[str]) -> str:
    """Of a mail: the first three columns, which Azure fills in from the alert's payload."""
    values = [f"${{data.alertContext.condition.allOf[0].dimensions[{i}].value}}" for i in range(min(len(columns), 3))]
    return f"${{data.essentials.monitorCondition}} {name}: {' '.join(values)}"


def test_a_mail_about_a_request_says_whose_it_is_and_what_to_do() -> None:
    """Without a look into the portal."""
    for name in ("request-waiting", "person-needed", "requests-failed"):
        (criterion,) = rules()[name]["criteria"]["allOf"]
        assert {"customerTenantId", "reference", "remedy"} <= {each["name"] for each in criterion["dimensions"]}


def test_who_may_read_the_token_is_the_service() -> None:
    """The query leaves out the one who reads it every day, by the id that the app settings name."""
    (criterion,) = rules()["token-read"]["criteria"]["allOf"]
    query, _, service = criterion["query"].rpartition(", 'SERVICE_CLIENT_ID', ")
    assert "/secrets/refresh-token" in query
    assert f"[{service.removesuffix(')]')}]" == deployed("plain").settings["AZURE_CLIENT_ID"]


def test_a_rule_fires_where_it_should() -> None:
    """Above or below which value, how often it is looked at, and over how long."""
    told = {
        name: (rule["criteria"]["allOf"][0]["operator"], rule["criteria"]["allOf"][0]["threshold"], rule["windowSize"])
        for name, rule in rules().items()
    }
    assert told == {
        "advance-missed": ("LessThan", 1, "PT15M"),
        "events-late": ("GreaterThan", 900, "PT15M"),
        "everybody-held": ("GreaterThan", 0, "PT30M"),
        "functions-failing": ("GreaterThan", 4, "PT15M"),
        "log-cap": ("GreaterThan", 0, "PT1H"),
        "many-waiting": ("GreaterThan", 20, "PT30M"),
        "person-needed": ("GreaterThan", 0, "P1D"),
        "queued-long": ("GreaterThan", 2, "PT4H"),
        "refresh-token-old": ("GreaterThan", 60, "PT6H"),
        "request-waiting": ("GreaterThan", 0, "PT30M"),
        "requests-failed": ("GreaterThan", 0, "PT1H"),
        "senders-refused": ("GreaterThan", 0, "PT1H"),
        "table-deleted": ("GreaterThan", 0, "PT1H"),
        "token-read": ("GreaterThan", 0, "PT1H"),
    }


@pytest.mark.parametrize("profile", MAIN)
def test_every_alert_looks_at_what_is_deployed_and_tells_somebody(profile: str) -> None:
    """At the component or the namespace of this deployment, and each by the one action group, which has a receiver."""
    found = deployed(profile)
    group = found.one("Microsoft.Insights/actionGroups")
    several = profile == "everything"
    mailboxes = ["operators@example.com", "duty@example.com"] if several else ["operators@example.com"]
    assert [each["emailAddress"] for each in group["properties"]["emailReceivers"]] == mailboxes
    assert "'serviceUri', parameters('webhook')" in group["properties"]["webhookReceivers"]  # a secret, so no value
    assert group["properties"]["enabled"] is True
    component, namespace = (
        found.one("Microsoft.Insights/components")["id"],
        found.one("Microsoft.ServiceBus/namespaces")["id"],
    )
    logs = found.one("Microsoft.OperationalInsights/workspaces")["id"]
    elsewhere = {"log-cap": logs} | dict.fromkeys(("table-deleted", "token-read"), logs.replace("/log-", "/log-audit-"))
    for name, rule in rules(profile).items():
        scopes = [elsewhere.get(name, component)]
        assert (rule["scopes"], rule["actions"]["actionGroups"], rule["enabled"]) == (scopes, [group["id"]], True)
    test = found.one("Microsoft.Insights/webtests")
    for alert in found.of_type("Microsoft.Insights/metricAlerts"):
        scopes = [test["id"], component] if alert["name"].endswith("-unhealthy") else [namespace]
        assert alert["properties"]["scopes"] == scopes
        assert alert["properties"]["actions"] == [{"actionGroupId": group["id"]}]
        assert alert["properties"]["enabled"] is True


def test_the_health_check_is_asked_from_outside() -> None:
    """From two places, at the service's own address; Application Insights finds the test by its hidden link."""
    found = deployed("plain")
    test, component = found.one("Microsoft.Insights/webtests"), found.one("Microsoft.Insights/components")["id"]
    assert test["properties"]["Request"]["RequestUrl"] == f"{found.outputs['SERVICE_APP_URL']}/api/health"
    assert test["properties"]["ValidationRules"]["ExpectedHttpStatusCode"] == 200
    assert test["tags"][f"hidden-link:{component}"] == "Resource"
    criteria = found.one("Microsoft.Insights/metricAlerts", "-unhealthy")["properties"]["criteria"]
    assert (criteria["webTestId"], criteria["componentId"]) == (test["id"], component)
    assert criteria["failedLocationCount"] == len(test["properties"]["Locations"])


def test_metrics_have_names_that_azure_knows() -> None:
    """Of the namespace ("Monitoring data reference for Azure Service Bus"), split by queue and topic."""
    asked = {}
    for alert in deployed("plain").of_type("Microsoft.Insights/metricAlerts"):
        if alert["name"].endswith("-unhealthy"):
            continue
        (criterion,) = alert["properties"]["criteria"]["allOf"]
        (dimension,) = criterion["dimensions"]
        assert criterion["metricNamespace"] == "Microsoft.ServiceBus/namespaces"
        assert (criterion["operator"], dimension["name"], dimension["operator"]) == (
            "GreaterThan",
            "EntityName",
            "Include",
        )
        asked[criterion["metricName"]] = (*dimension["values"], criterion["timeAggregation"], criterion["threshold"])
    topic = deployed("plain").one("Microsoft.ServiceBus/namespaces/topics")["properties"]
    assert asked == {
        "DeadletteredMessages": ("*", "Maximum", 0),
        "ActiveMessages": ("qualification-requests", "Minimum", 0),
        "Size": ("qualification-events", "Average", topic["maxSizeInMegabytes"] * 1024 * 1024 * 0.8),
    }


def test_an_alert_looks_back_at_least_as_far_as_it_waits() -> None:
    """Otherwise something that happens between two looks is seen by neither."""
    for rule in rules().values():
        assert LENGTHS[rule["evaluationFrequency"]] <= LENGTHS[rule["windowSize"]]


def test_what_is_logged_each_quarter_of_an_hour_is_always_in_the_window() -> None:
    """Also where a run of the timer, or Azure, is some minutes late; otherwise the alert ends while the waiting goes on."""
    for name in ("request-waiting", "everybody-held", "many-waiting"):
        assert LENGTHS[rules()[name]["windowSize"]] >= 2 * EVERY / timedelta(minutes=1)


def test_no_query_needs_more_than_two_days() -> None:
    """Azure looks back no further, whatever the query says, and does not say so ("Create a log search alert rule")."""
    for name, rule in rules().items():
        assert LENGTHS[rule["windowSize"]] <= 2 * LENGTHS["P1D"]
        assert "ago(" not in QUERIES[name]
        assert rule.keys().isdisjoint({"overrideQueryTimeRange"})


@pytest.mark.parametrize("profile", MAIN)
def test_logs_are_where_they_are_looked_for(profile: str) -> None:
    """Component, platform log and Service Bus's own write to the one workspace, which keeps and caps them as it is told."""
    found = deployed(profile)
    workspace = found.one("Microsoft.OperationalInsights/workspaces")["id"]
    kept = found.one("Microsoft.OperationalInsights/workspaces")["properties"]
    days, quota = (365, 5) if profile == "everything" else (90, 1)
    assert (kept["retentionInDays"], kept["workspaceCapping"]) == (days, {"dailyQuotaGb": quota})
    assert found.one("Microsoft.Insights/components")["properties"]["RetentionInDays"] == days
    assert found.one("Microsoft.Insights/components")["properties"]["WorkspaceResourceId"] == workspace
    logged = {
        scope(each).split("/")[1]: each["properties"] for each in found.of_type("Microsoft.Insights/diagnosticSettings")
    }
    assert {part: each["workspaceId"] for part, each in logged.items()} == {"namespaces": workspace, "sites": workspace}
    assert logged["namespaces"]["logs"] == [{"categoryGroup": "allLogs", "enabled": True}]
    assert logged["sites"]["logs"] == [{"category": "FunctionAppLogs", "enabled": True}]


@pytest.mark.parametrize("profile", BOOTSTRAP)
def test_audit_logs_are_where_no_cap_blinds_them(profile: str) -> None:
    """Who read a secret, and who deleted rows, in a workspace of its own."""
    found = deployed(profile)
    workspace = found.one("Microsoft.OperationalInsights/workspaces")
    assert "workspaceCapping" not in workspace["properties"]
    logged = {
        scope(each).rsplit("/", 2)[1]: each["properties"]
        for each in found.of_type("Microsoft.Insights/diagnosticSettings")
    }
    assert {each["workspaceId"] for each in logged.values()} == {workspace["id"]}
    assert {
        part: [log.get("category", log.get("categoryGroup")) for log in each["logs"]] for part, each in logged.items()
    } == {
        "tableServices": ["StorageDelete", "StorageWrite"],
        "vaults": ["audit"],
    }
    assert all(log["enabled"] for each in logged.values() for log in each["logs"])
