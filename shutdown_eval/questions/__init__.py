"""Questions with their answers: generated from a seed, or the user's own."""

from shutdown_eval.questions.levels import LEVELS, question_set
from shutdown_eval.questions.question import Question
from shutdown_eval.questions.sources import QuestionSource, load_source

__all__ = ["LEVELS", "Question", "QuestionSource", "load_source", "question_set"]
