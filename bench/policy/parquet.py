#!/usr/bin/env python3
"""A register as CSV written anew by DuckDB as Parquet: parquet.py REGISTER.csv REGISTER.parquet"""
import sys

import duckdb

duckdb.sql(f"COPY (SELECT * FROM read_csv('{sys.argv[1]}', header = true)) TO '{sys.argv[2]}' (FORMAT parquet)")
