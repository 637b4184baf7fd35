"""Makes the view of what is being trained. Reads a run; must not know the screen."""

from __future__ import annotations

from weakref import WeakKeyDictionary

from ..analysis.plots.choice import kinds
from ..run.run import Run
from ..setup.data import Formula, Recorded, Trained, Variable
from ..snapshot.subject import Subject
from ..step.program import Program

_TOLD: WeakKeyDictionary[Program, Subject] = WeakKeyDictionary()
"""Each picture has it, and what a data set can do takes long to ask."""


def facts(subject: Trained, run: Run) -> Subject:
    """What stays the same as long as the program does."""
    program = run.stepper.program
    told = _TOLD.get(program)
    if told is None:
        told = _TOLD[program] = _facts(subject, run)
    return told


def _facts(subject: Trained, run: Run) -> Subject:
    program = run.stepper.program
    count, data = len(program.parameters), program.data
    if isinstance(subject, Formula):
        from ...autograd.text.spelling import one_line  # a network has none

        return Subject(
            subject.name, one_line(subject.source), count, (), (), 1, 0, expression=True, plots=kinds(program)
        )
    if isinstance(subject, Recorded):
        return _of_script(subject, count)
    assert data is not None
    sizes = "-".join(map(str, (len(program.inputs), *(len(layer.units) for layer in program.layers))))
    return Subject(
        name=subject.name,
        architecture=f"{'MLP' if len(program.layers) > 1 else 'Neuron'} {sizes} {run.stepper.settings.bends}",
        parameters=count,
        features=program.input_names,
        classes=data.classes,
        train_size=len(data.train_inputs),
        test_size=len(data.test_inputs),
        expression=False,
        inputs=program.raw_names,
        columns=data.features,
        target=data.target,
        units=program.table_units,
        class_weights=program.coding.weights,
        noise=data.noise if isinstance(data, Variable) else None,
        split=data.fraction if isinstance(data, Variable) else None,
        plots=kinds(program),
    )


def _of_script(subject: Recorded, parameters: int) -> Subject:
    recording = subject.recording
    place = recording.place(recording.moments[subject.moments[0]].place)
    source = place.text if place else "backward()"
    return Subject(subject.name, source, parameters, (), (), len(subject.moments), 0, expression=True)
