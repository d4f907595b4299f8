-- The search index: one row an object, its words in an FTS5 index kept by triggers.
CREATE TABLE search_entry (
    number INTEGER PRIMARY KEY,
    kind TEXT NOT NULL,
    object_id TEXT NOT NULL,
    terms TEXT NOT NULL
);
CREATE UNIQUE INDEX search_entry_kind_object_id ON search_entry (kind, object_id);
CREATE VIRTUAL TABLE search_index USING fts5 (
    terms, content = 'search_entry', content_rowid = 'number', tokenize = 'unicode61 remove_diacritics 0'
);
CREATE TRIGGER search_entry_insert AFTER INSERT ON search_entry BEGIN
    INSERT INTO search_index (rowid, terms) VALUES (new.number, new.terms);
END;
CREATE TRIGGER search_entry_delete AFTER DELETE ON search_entry BEGIN
    INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', old.number, old.terms);
END;
CREATE TRIGGER search_entry_update AFTER UPDATE OF terms ON search_entry BEGIN
    INSERT INTO search_index (search_index, rowid, terms) VALUES ('delete', old.number, old.terms);
    INSERT INTO search_index (rowid, terms) VALUES (new.number, new.terms);
END;
