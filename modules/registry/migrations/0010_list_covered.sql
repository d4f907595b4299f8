-- Every index that lists are read by holds all the columns that they are narrowed to. An index on a part of a code must hold
-- the code too: without it both databases would rather count by a wider index that holds everything.
DROP INDEX organization_sort;
CREATE INDEX organization_sort
    ON organization (sort_key, id, listed, keeper_id, kind, size_class, region, industry, digital_class, claimed_at, completeness)
    WHERE state = 'active';
DROP INDEX organization_kind;
CREATE INDEX organization_kind
    ON organization (kind, sort_key, id, listed, keeper_id, size_class, region, industry, digital_class, claimed_at, completeness)
    WHERE state = 'active';
DROP INDEX organization_region;
CREATE INDEX organization_region
    ON organization (substr(region, 1, 6), sort_key, id, listed, keeper_id, kind, size_class, region, industry, digital_class, claimed_at, completeness)
    WHERE state = 'active';
DROP INDEX organization_industry;
CREATE INDEX organization_industry
    ON organization (substr(industry, 1, 2), sort_key, id, listed, keeper_id, kind, size_class, region, industry, digital_class, claimed_at, completeness)
    WHERE state = 'active';
DROP INDEX organization_region_industry;
CREATE INDEX organization_region_industry
    ON organization (substr(region, 1, 6), substr(industry, 1, 2), sort_key, id, listed, keeper_id, kind, size_class, region, industry, digital_class, claimed_at, completeness)
    WHERE state = 'active';
