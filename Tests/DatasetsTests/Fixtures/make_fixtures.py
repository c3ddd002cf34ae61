"""Array files as numpy and safetensors write them. Made with numpy 2.4.6 and safetensors 0.8.0.

The table is 5 x 3; element (r, c) is 3r + c for integers and 3r + c - 6.5 for floats (exact in every
type used). Run in this folder.
"""
import numpy as np
from safetensors import TensorSpec, serialize_file

whole = np.arange(15).reshape(5, 3)
real = whole - 6.5
for name in ["f2", "f4", "f8"]:
    np.save(f"{name}.npy", real.astype("<" + name))
    np.save(f"{name}_big.npy", real.astype(">" + name))
for name in ["i1", "i2", "i4", "i8", "u1", "u2", "u4", "u8"]:
    np.save(f"{name}.npy", whole.astype("<" + name))
np.save("i4_big.npy", whole.astype(">i4"))
np.save("i8_fortran.npy", np.asfortranarray(whole.astype("<i8")))
np.save("f4_fortran.npy", np.asfortranarray(real.astype("<f4")))
np.save("f8_big_fortran.npy", np.asfortranarray(real.astype(">f8")))
np.save("bool.npy", whole % 2 == 1)
np.save("vector.npy", real.astype("<f4")[:, 0])
np.save("labels.npy", whole[:, 0].astype("<i4"))
np.save("cube.npy", whole.astype("<f4").reshape(5, 3, 1))
np.save("objects.npy", np.array([{"a": 1}, None], dtype=object), allow_pickle=True)
np.save("records.npy", np.zeros(3, dtype=[("a", "<f4"), ("b", "<i4")]))
np.save("complex.npy", whole.astype("<c8"))
np.save("text.npy", np.array(["a", "b"]))
for version in [(2, 0), (3, 0)]:
    with open(f"version{version[0]}.npy", "wb") as f:
        np.lib.format.write_array(f, real.astype("<f4"), version=version)
special = np.array([[1e300, -1e300, 1.0], [np.nan, np.inf, 65504.0]])
np.save("special_f8.npy", special)
np.save("special_f2.npy", np.array([[6e-8, 65504, np.nan], [np.inf, -0.0, 6.1e-5]], dtype="<f2"))


kept = []


def tensor(kind, array):
    array = np.ascontiguousarray(array)
    kept.append(array)  # a specification holds no reference to its bytes
    return TensorSpec(dtype=kind, shape=array.shape, data_ptr=array.ctypes.data, data_len=array.nbytes)


bfloat = (real.astype("<f4").view("<u4") >> 16).astype("<u2")
serialize_file(
    {
        "single": tensor("float32", real.astype("<f4")),
        "double": tensor("float64", real.astype("<f8")),
        "half": tensor("float16", real.astype("<f2")),
        "brain": tensor("bfloat16", bfloat),
        "int": tensor("int32", whole.astype("<i4")),
        "long": tensor("int64", whole.astype("<i8")),
        "row": tensor("float32", real.astype("<f4")[:, 0]),
    },
    "all.safetensors",
    {"format": "np", "note": "a \"quoted\" word"},
)
serialize_file({"feat": tensor("float32", real.astype("<f4")), "step": tensor("int64", np.arange(1))},
               "one.safetensors")
