"""What use cases need from the world: the model, the mirror of the sources, leases, the kept answers, the time."""

from remit.ports.answers import CellKey, KeptAnswers
from remit.ports.counts import CountKey, CountRows, KeptCounts
from remit.ports.dismissals import Dismissals
from remit.ports.events import Claim, Deliveries, Outbox
from remit.ports.evidence import Basis, EvidenceStore
from remit.ports.feedback import FeedbackIntake, FeedbackStore, MirroredFeedback
from remit.ports.inbox import Aside, Batch, Inbox
from remit.ports.leases import Held, Leases
from remit.ports.mirror import SUCCESSES_KEPT_FOR, Counts, Intake, Mirrored, MirrorStore, SourceState
from remit.ports.models import Head, ModelStore, Recording
from remit.ports.pace import Pace, Paces
from remit.ports.requests import Request
from remit.ports.signals import Figures, KeptSignals, SignalKey
from remit.ports.time import Clock
from remit.ports.vault import Renewal, Vault

__all__ = [
    "SUCCESSES_KEPT_FOR",
    "Aside",
    "Basis",
    "Batch",
    "CellKey",
    "Claim",
    "Clock",
    "CountKey",
    "CountRows",
    "Counts",
    "Deliveries",
    "Dismissals",
    "EvidenceStore",
    "FeedbackIntake",
    "FeedbackStore",
    "Figures",
    "Head",
    "Held",
    "Inbox",
    "Intake",
    "KeptAnswers",
    "KeptCounts",
    "KeptSignals",
    "Leases",
    "MirrorStore",
    "Mirrored",
    "MirroredFeedback",
    "ModelStore",
    "Outbox",
    "Pace",
    "Paces",
    "Recording",
    "Renewal",
    "Request",
    "SignalKey",
    "SourceState",
    "Vault",
]
