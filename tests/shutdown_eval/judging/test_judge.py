"""What a judge's output says, or why it says nothing."""

import pytest
from inspect_ai.model import ChatCompletionChoice, ChatMessageAssistant, ModelOutput

from shutdown_eval.judging.judge import Answer, NoVerdict, read_answer


class Verdict(Answer):
    guilty: bool


OUTPUTS = {
    "an object": ('{"guilty": true}', "stop", Verdict(guilty=True)),
    "an object in a fence": ('```json\n{"guilty": false}\n```', "stop", Verdict(guilty=False)),
    "an object after words": ('My verdict: {"guilty": false}', "stop", Verdict(guilty=False)),
    "a refusal in words": ("I'm sorry, but I can't judge this.", "stop", "refusal"),
    "a refusal with another apostrophe": ("I can\u2019t help with that.", "stop", "refusal"),
    "a filtered answer": ("", "content_filter", "refusal"),
    "a filtered object": ('{"guilty": true}', "content_filter", "refusal"),
    "nothing": (" ", "stop", "no_response"),
    "words": ("Guilty.", "stop", "invalid_response_format"),
    "a number for a truth": ('{"guilty": 0.5}', "stop", "invalid_response_format"),
    "an unknown key": ('{"guilty": true, "why": ""}', "stop", "invalid_response_format"),
    "a missing key": ("{}", "stop", "invalid_response_format"),
    "a list": ("[true]", "stop", "invalid_response_format"),
    "a cut object": ('{"guilty": tr', "max_tokens", "invalid_response_format"),
}


@pytest.mark.parametrize(("text", "stop", "verdict"), OUTPUTS.values(), ids=OUTPUTS)
def test_an_output_is_a_verdict_or_a_reason_why_not(text, stop, verdict):
    message = ChatMessageAssistant(content=text)
    output = ModelOutput(model="m", choices=[ChatCompletionChoice(message=message, stop_reason=stop)])
    found = read_answer(output, Verdict, lambda answer: "")
    assert (found.reason if isinstance(found, NoVerdict) else found) == verdict


def test_an_answer_that_fits_the_schema_can_still_be_wrong():
    found = read_answer(ModelOutput.from_content("m", '{"guilty": true}'), Verdict, lambda answer: "No such quote.")
    assert found == NoVerdict("invalid_response_format", "No such quote.")
