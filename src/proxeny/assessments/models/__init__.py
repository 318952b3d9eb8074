"""The tables of the consultation service."""

from proxeny.assessments.models.catalogue import Question, Service, ServiceTeam, ServiceText
from proxeny.assessments.models.engagements import Adviser, Answer, Engagement, Step
from proxeny.assessments.models.figures import Figure, FigureVersion
from proxeny.assessments.models.reports import Later, Remark, Report
from proxeny.assessments.models.templates import Lesson, Template, TemplateItem
from proxeny.assessments.models.work import Finding, FindingSource, Note

__all__ = [
    "Adviser",
    "Answer",
    "Engagement",
    "Figure",
    "FigureVersion",
    "Finding",
    "FindingSource",
    "Later",
    "Lesson",
    "Note",
    "Question",
    "Remark",
    "Report",
    "Service",
    "ServiceTeam",
    "ServiceText",
    "Step",
    "Template",
    "TemplateItem",
]
