-- Lists are read in the order of names whatever they are narrowed to: every index holds the columns that lists are narrowed
-- by, so that rows that are not wanted are passed without being read. Regions are narrowed by their district and industries
-- by their division, the rest of a code within these.
DROP INDEX organization_sort;
CREATE INDEX organization_sort ON organization (sort_key, id, listed, keeper_id, kind, size_class, region, industry, digital_class)
    WHERE state = 'active';
CREATE INDEX organization_kind ON organization (kind, sort_key, id, listed, keeper_id, size_class, region, industry)
    WHERE state = 'active';
CREATE INDEX organization_region ON organization (substr(region, 1, 6), sort_key, id, listed, keeper_id, kind, size_class, industry)
    WHERE state = 'active';
CREATE INDEX organization_industry ON organization (substr(industry, 1, 2), sort_key, id, listed, keeper_id, kind, size_class, industry, region)
    WHERE state = 'active';
CREATE INDEX organization_region_industry
    ON organization (substr(region, 1, 6), substr(industry, 1, 2), sort_key, id, listed, keeper_id, kind, size_class, industry)
    WHERE state = 'active';

-- No statement asks for a key over all subjects.
DROP INDEX fact_key;
