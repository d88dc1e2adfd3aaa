"""The steps from nothing to a service that runs, in their order."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from qualification.setup.answers import Answers
from qualification.setup.app_registration import AppRegistration
from qualification.setup.azure import Azure
from qualification.setup.bootstrap import Bootstrap
from qualification.setup.client_secrets import ClientSecrets
from qualification.setup.code import Code, Packaging
from qualification.setup.consent import Consent
from qualification.setup.examination import Examination
from qualification.setup.login import Login
from qualification.setup.own_commands import OwnCommands
from qualification.setup.partner_center import PartnerCenter
from qualification.setup.person import Person
from qualification.setup.provider import Provider
from qualification.setup.record_store import RecordStore
from qualification.setup.references import References
from qualification.setup.service import Service
from qualification.setup.sign_in import SignIn
from qualification.setup.step import Step
from qualification.setup.subscription import Subscription
from qualification.setup.templates import Templates
from qualification.setup.trust import Trust
from qualification.setup.vault import Vault
from qualification.setup.webhook_secrets import WebhookSecrets
from qualification.setup.wishes import Wishes


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What setup works with.

    Attributes:
        answers: what is wanted and what was found.
        person: who is asked.
        own: the service's other commands.
        package: builds what is deployed.
        sources: the CRMs that there are.
        infra: the folder of the templates.
        now: tells the time, in aware UTC.
        sleep: waits for so many seconds.
    """

    answers: Answers
    person: Person
    own: OwnCommands
    package: Packaging
    sources: Collection[str]
    infra: Path
    now: Callable[[], datetime]
    sleep: Callable[[float], None]


def plan(at: Surroundings) -> list[Step]:
    """The steps; each needs those before it."""
    answers, person, own = at.answers, at.person, at.own
    azure, templates = Azure(person.say), Templates(at.infra)
    vault = Vault(azure, answers)
    return [
        Login(azure, answers),
        Wishes(azure, answers, person, at.sources),
        Subscription(azure, answers),
        AppRegistration(azure, answers),
        Consent(azure, answers),
        PartnerCenter(answers, person),
        Provider(azure, answers),
        Bootstrap(azure, answers, templates),
        Service(azure, answers, templates),
        Trust(azure, answers, vault),
        Code(azure, answers, at.package, answers.file.parent / "packages"),
        # Before the sign-in, which is how a later setup knows that there has been a store.
        RecordStore(azure, answers, vault, own, person, at.sleep),
        SignIn(ClientSecrets(azure, answers, "sign-in"), answers, vault, own, person, at.now),
        WebhookSecrets(answers, vault, person),
        References(azure, answers),
        Examination(answers, own),
    ]
