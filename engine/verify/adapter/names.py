"""What people call things in an engine of their own, the commonest name first. Knows names alone; must not know what is
done with them.
"""

from __future__ import annotations

from collections.abc import Mapping

CLASSES = ("Value", "Tensor", "Scalar", "value", "Node", "Variable", "Var", "Number")
"""Classes that hold a number and its gradient."""

DATA = ("data", "value", "val", "v", "x", "_data", "_value", "_val", "scalar", "number", "num")
GRAD = ("grad", "gradient", "_grad", "_gradient", "g", "derivative", "der", "adjoint", "adj", "dx")

CHILDREN = (
    "_prev",
    "prev",
    "_children",
    "children",
    "kids",
    "_parents",
    "parents",
    "_inputs",
    "inputs",
    "_prevs",
    "prevs",
    "operands",
    "_operands",
    "args",
    "_args",
    "deps",
    "_deps",
    "sources",
    "src",
)
"""What a node was made of."""

OPS = ("_op", "op", "operation", "_operation", "operator", "actn", "op_name", "_op_name", "fn", "grad_fn")
"""By which operation it was made."""

LABELS = ("label", "_label", "name", "_name", "mark")

BACKWARD = (
    "backward",
    "backprop",
    "backpropagate",
    "backpropagation",
    "back_propagate",
    "back_propagation",
    "back_prop",
    "backprop_all",
    "backwards",
    "backward_pass",
    "run_backward",
    "compute_gradients",
    "compute_grads",
    "compute_grad",
    "calculate_gradients",
)
"""Methods of the last node, or functions of it, that fill in gradients."""

FUNCTIONS: Mapping[str, tuple[str, ...]] = {
    "relu": ("relu", "reLU", "ReLU", "RELU", "Relu", "re_lu"),
    "tanh": ("tanh", "Tanh", "tanH", "TanH", "hyperbolic_tangent"),
    "exp": ("exp", "Exp", "exponential", "exponent"),
    "log": ("log", "ln", "Log", "natural_log", "logarithm"),
    "sigmoid": ("sigmoid", "Sigmoid", "sigmod", "sigm", "logistic", "sig"),
    "sqrt": ("sqrt", "Sqrt", "square_root"),
    "sin": ("sin", "Sin", "sine"),
    "cos": ("cos", "Cos", "cosine"),
    "leaky_relu": ("leaky_relu", "leakyrelu", "LeakyReLU", "lrelu", "leaky_reLU", "leakyReLU"),
    "elu": ("elu", "ELU"),
    "gelu": ("gelu", "GELU"),
    "silu": ("silu", "SiLU", "swish"),
    "softplus": ("softplus", "Softplus"),
}
"""Functions of one number, methods nearly everywhere, by the names that they have here."""

NETWORKS = (
    "MLP",
    "Mlp",
    "mlp",
    "MultiLayerPerceptron",
    "MultilayerPerceptron",
    "NeuralNetwork",
    "NeuralNet",
    "Network",
    "NN",
    "Net",
)
PARAMETERS = ("parameters", "params", "get_parameters", "get_params")
