"""Writes the files of tests/golden/files: the same tables as other tools write them.

Run with NumPy 2.4.6, pandas 3.1.1, polars 2.1.0 and pyarrow 26.0.1: python generate_files.py
"""

from pathlib import Path

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pyarrow.parquet as pq

HERE = Path(__file__).parent / "files"
HERE.mkdir(exist_ok=True)

N = 60
rows = np.arange(N)
# Scores with ties that a float32 holds exactly; 23 positives of 60; weights in eighths.
score = ((rows * 37) % 48).astype("f8") / 64 - 0.25
label = (((rows * 23) % 60) < 23).astype("i8")
weight = ((rows * 7) % 20).astype("f8") / 8
scores = pa.table({"y_true": label, "y_score": score, "w": weight})
scores.to_pandas().to_csv(HERE / "scores.csv", index=False)


def write(name, table, **options):
    pq.write_table(table, HERE / f"{name}.parquet", **options)


def with_columns(**columns):
    table = scores
    for name, column in columns.items():
        table = table.set_column(table.column_names.index(name), name, pa.array(column))
    return table


write("snappy_dictionary_v1", scores, compression="snappy", data_page_version="1.0")
write("zstd_plain_v2", scores, compression="zstd", use_dictionary=False, data_page_version="2.0")
write("lz4_groups_of_7", scores, compression="lz4", data_page_version="2.0", row_group_size=7)
write("gzip_small_pages", scores, compression="gzip", use_dictionary=False, data_page_size=64, write_batch_size=8)
write("uncompressed_split", scores, compression="none", use_dictionary=False, use_byte_stream_split=["y_score"])
write("brotli", scores, compression="brotli")
write(
    "delta",
    scores,
    use_dictionary=False,
    column_encoding={"y_true": "DELTA_BINARY_PACKED", "y_score": "PLAIN", "w": "PLAIN"},
)
required = pa.schema([pa.field(field.name, field.type, nullable=False) for field in scores.schema])
write("required", scores.cast(required))
write("float32_int8", with_columns(y_true=pa.array(label, pa.int8()), y_score=pa.array(score, pa.float32())))
write("uint64_label", with_columns(y_true=pa.array(label, pa.uint64())))
write("double_label", with_columns(y_true=pa.array(label, pa.float64())))
write("bool_label", with_columns(y_true=pa.array(label == 1)))
text = np.where(label == 1, "ill", "well")
write("string_label", with_columns(y_true=pa.array(text, pa.string())))
write("large_string_label", with_columns(y_true=pa.array(text, pa.large_string())), use_dictionary=False)
write("categorical_label", with_columns(y_true=pa.array(text).dictionary_encode()))
write("digits_label", with_columns(y_true=pa.array(label.astype(str))))
pl.from_arrow(scores).write_parquet(HERE / "polars.parquet", compression="zstd", row_group_size=25)
scores.to_pandas().to_parquet(HERE / "pandas.parquet")
scores.to_pandas().iloc[[5, 3, 8]].to_parquet(HERE / "pandas_index.parquet")
write("no_rows", scores.slice(0, 0))
with pq.ParquetWriter(HERE / "no_groups.parquet", scores.schema):
    pass
write("null_score", with_columns(y_score=pa.array([None if row == 41 else score[row] for row in rows])), row_group_size=9)
write("null_label", with_columns(y_true=pa.array([None if row == 17 else int(label[row]) for row in rows])))
write("nan_score", with_columns(y_score=np.where(rows == 53, np.nan, score)), row_group_size=8)
write("third_class", with_columns(y_true=np.where(rows == 58, 2, label)), row_group_size=10)
write("large_integers", pa.table({"y_true": [0, 1], "y_score": [1, 2**53 + 1]}))
others = {
    "decimal": pa.array(range(N), pa.int32()).cast(pa.decimal128(12, 2)),
    "time": pa.array(range(N)).cast(pa.timestamp("us")),
    "list": pa.array([[row] for row in range(N)]),
    "part": pa.array([{"a": row} for row in range(N)]),
    "half": pa.array(score.astype("f2")),
    "note": pa.array([None if row % 3 else f"row {row}" for row in range(N)]),
}
table = scores
for name, column in others.items():
    table = table.append_column(name, column)
write("many_types", table)

# A data set of doubles that are hard to print, and its label.
hard = [5e-324, 2.2250738585072014e-308, 1.7976931348623157e308, -1.7976931348623157e308, 0.1 + 0.2, 0.3, 1.0, -0.0]
data = pa.table({"x0": hard, "x1": hard[::-1], "y": [0, 1, 1, 0, 2, 1, 0, 2]})
data.to_pandas().to_csv(HERE / "data.csv", index=False)
write("data", data)

# NumPy's own format.
plain = np.column_stack([label, score])
np.save(HERE / "plain_f8.npy", plain)
np.save(HERE / "fortran_f8.npy", np.asfortranarray(plain))
np.save(HERE / "plain_f4.npy", plain.astype("f4"))
np.save(HERE / "big_endian_f8.npy", plain.astype(">f8"))
np.save(HERE / "weighted_f8.npy", np.column_stack([label, score, weight]))
structured = np.zeros(N, dtype=[("y_true", "?"), ("w", "<f4"), ("note", "S3"), ("y_score", "<f8")])
structured["y_true"], structured["w"], structured["y_score"] = label == 1, weight, score
np.save(HERE / "structured.npy", structured)
aligned = np.zeros(N, dtype=np.dtype([("y_true", "i1"), ("y_score", "<f8"), ("w", "<f4")], align=True))
aligned["y_true"], aligned["w"], aligned["y_score"] = label, weight, score
np.save(HERE / "aligned.npy", aligned)
texts = np.zeros(N, dtype=[("y_true", "<U4"), ("y_score", "<f4")])
texts["y_true"], texts["y_score"] = text, score
np.save(HERE / "text_label.npy", texts)
for version in [(2, 0), (3, 0)]:
    with open(HERE / f"version_{version[0]}.npy", "wb") as file:
        np.lib.format.write_array(file, plain, version=version)
np.save(HERE / "data.npy", np.column_stack([hard, hard[::-1], [0, 1, 1, 0, 2, 1, 0, 2]]))
np.save(HERE / "integers.npy", np.column_stack([rows, rows[::-1], label]).astype("u2"))
# Arrays that are refused.
np.save(HERE / "one_axis.npy", score)
np.save(HERE / "three_axes.npy", np.zeros((2, 3, 4)))
np.save(HERE / "complex.npy", plain.astype("c16"))
np.save(HERE / "object.npy", np.array([[1, "a"]], dtype=object), allow_pickle=True)
np.save(HERE / "no_rows.npy", plain[:0])
plain[31, 1] = np.nan
np.save(HERE / "nan_score.npy", plain)
