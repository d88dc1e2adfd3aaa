"""Step: what you want is known."""

from collections.abc import Collection
from dataclasses import dataclass

from qualification.setup.answers import Answers
from qualification.setup.azure import Azure
from qualification.setup.person import Person
from qualification.setup.stopped import Stopped

EVERY_QUALIFICATION = "Education,GovernmentCommunityCloud,StateOwnedEntity"
QUESTIONS = {
    "AZURE_ENV_NAME": "A name for this environment",
    "AZURE_SUBSCRIPTION_ID": "The Azure subscription (its id)",
    "PARTNER_CENTER_TENANT_ID": "The partner's tenant (its id)",
    "AZURE_LOCATION": "The region",
    "ALERT_EMAIL": "Who gets the alerts (mailboxes, with commas between)",
    "WEBHOOK_SOURCES": "CRMs whose webhooks you take (dataverse, hubspot, salesforce, standard; with commas between, or none)",
}
"""What has no default in the templates, and the CRMs."""
CRMS = "WEBHOOK_SOURCES"


@dataclass(frozen=True, slots=True)
class Wishes:
    """What the file of answers does not hold is asked, and kept there.

    Attributes:
        known: the CRMs that there are.
    """

    azure: Azure
    answers: Answers
    person: Person
    known: Collection[str]
    title: str = "What you want is known"

    def is_done(self) -> bool:
        """See Step."""
        if not all(name in self.answers for name in (*QUESTIONS, "CONFIRM_QUALIFICATIONS")):
            return False
        unknown = {name for name in self.answers[CRMS].split(",") if name} - set(self.known)
        if unknown:
            raise Stopped(f"There is no CRM {', '.join(sorted(unknown))}: correct {CRMS} in {self.answers.file}.")
        return True

    def do(self) -> None:
        """See Step."""
        account = self.azure.read("account", "show")
        defaults = {
            "AZURE_ENV_NAME": "qualifications",
            "AZURE_LOCATION": "swedencentral",
            "AZURE_SUBSCRIPTION_ID": account["id"],
            "PARTNER_CENTER_TENANT_ID": account["tenantId"],
        }
        for name, question in QUESTIONS.items():
            while name not in self.answers:
                answer = self.person.ask(question, defaults.get(name, "")).strip().replace(", ", ",")
                if answer or name == CRMS:
                    self.answers.keep(**{name: answer})
        if "CONFIRM_QUALIFICATIONS" not in self.answers:
            # Until somebody has seen the first requests, none is sent without a person's word.
            self.answers.keep(CONFIRM_QUALIFICATIONS=EVERY_QUALIFICATION)
        self.person.say(f"      Kept in {self.answers.file}.")
        self.is_done()
