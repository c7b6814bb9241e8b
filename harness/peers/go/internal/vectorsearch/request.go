package vectorsearch

import (
	"fmt"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/filter"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/wire"
)

const (
	backend      = "hnsw"
	maxDimension = 4096
	maxItems     = 1000
	defaultK     = 10
	maxK         = 1000
	maxExcluded  = 10000
	maxBeam      = 10000
	maxID        = 256
)

var (
	isString = fields.Is(rawjson.String)
	isNumber = fields.Is(rawjson.Number)
	isObject = fields.Is(rawjson.Object)
)

func readSpec(body []byte) (vectors.Spec, error) {
	members, err := wire.ReadObject(body, []string{"dimension", "distance", "backend", "space"})
	if err != nil {
		return vectors.Spec{}, err
	}
	r := fields.Reader{Members: members}
	spec := vectors.Spec{Distance: vectors.Cosine}
	dimension := r.Required("dimension", "an integer from 1 to 4096", fields.Integer(1, maxDimension))
	spec.Dimension = fields.Count(dimension, 0)
	isDistance := fields.OneOf(string(vectors.Cosine), string(vectors.Euclidean), string(vectors.Dot))
	if v := r.Optional("distance", "`cosine`, `euclidean` or `dot`", isDistance); v.Kind() == rawjson.String {
		spec.Distance = vectors.Distance(v.Text())
	}
	r.Optional("backend", "`hnsw`", fields.OneOf(backend))
	spec.Space = readSpace(&r)
	return spec, r.Err()
}

func readSpace(r *fields.Reader) *string {
	return fields.Pointer(r.Optional("space", "a string", isString))
}

func readItems(body []byte) (inputs []vectors.Input, space *string, err error) {
	members, err := wire.ReadObject(body, []string{"items", "space"})
	if err != nil {
		return nil, nil, err
	}
	r := fields.Reader{Members: members}
	list := r.Required("items", "an array of 1 to 1000 objects", fields.Array(1, maxItems, isObject))
	space = readSpace(&r)
	if r.Err() != nil {
		return nil, nil, r.Err()
	}
	for i, e := range list.Elements() {
		input, err := readItem(e.Members())
		if err != nil {
			return nil, nil, fmt.Errorf("item %d: %v", i, err)
		}
		inputs = append(inputs, input)
	}
	return inputs, space, nil
}

func readItem(members rawjson.Members) (input vectors.Input, err error) {
	if err := wire.CheckKnown(members, "", []string{"id", "vector", "metadata"}); err != nil {
		return input, err
	}
	r := fields.Reader{Members: members}
	input.ID = ReadItemID(&r, "id")
	input.Vector = readVector(&r)
	input.Metadata = ReadMetadata(&r)
	return input, r.Err()
}

// ReadItemID reads the field with the id of an item.
func ReadItemID(r *fields.Reader, name string) string {
	fits := fields.String(func(s string) bool { return 1 <= len(s) && len(s) <= maxID })
	return r.Required(name, "a string of 1 to 256 bytes", fits).Text()
}

// ReadMetadata reads the field `metadata`.
func ReadMetadata(r *fields.Reader) rawjson.Value {
	if v := r.Optional("metadata", "an object", isObject); v.Kind() == rawjson.Object {
		return vectors.ParseMetadata(v)
	}
	return vectors.EmptyMetadata
}

// readVector reads the field `vector`. The index checks its values later.
func readVector(r *fields.Reader) vectors.Vector {
	v := r.Required("vector", "an array of 1 to 4096 numbers", fields.Array(1, maxDimension, isNumber))
	vector := vectors.Vector{Beyond: -1}
	for i, e := range v.Elements() {
		f, inRange := e.Float()
		// Numbers below the limit as a double are within it.
		if vector.Beyond < 0 && (!inRange || max(f, -f) >= 1e15) && !e.WithinPowerOfTen(15) {
			vector.Beyond = i
		}
		vector.Components = append(vector.Components, float32(f))
	}
	return vector
}

func readIDs(body []byte) ([]string, error) {
	members, err := wire.ReadObject(body, []string{"ids"})
	if err != nil {
		return nil, err
	}
	r := fields.Reader{Members: members}
	ids := r.Required("ids", "an array of 1 to 1000 strings", fields.Array(1, maxItems, isString))
	return fields.Strings(ids), r.Err()
}

type searchRequest struct {
	vector vectors.Vector
	query  vectors.Query
	tests  []filter.Test
	space  *string
}

func readSearch(body []byte) (*searchRequest, error) {
	members, err := wire.ReadObject(body, []string{"vector", "k", "filter", "exclude_ids", "ef", "space"})
	if err != nil {
		return nil, err
	}
	r := fields.Reader{Members: members}
	req := &searchRequest{vector: readVector(&r)}
	req.query.Vector = req.vector.Components
	req.query.K = ReadK(&r, "k")
	passes := ReadFilter(&r)
	excluded := ReadExcluded(&r)
	req.query.Pass = Pass(excluded, passes...)
	for _, f := range passes {
		if r.Err() == nil {
			req.tests = f.Tests()
		}
	}
	req.query.Beam = fields.Count(r.Optional("ef", "an integer from 1 to 10000", fields.Integer(1, maxBeam)), 0)
	req.space = readSpace(&r)
	return req, r.Err()
}

// ReadK reads the field of that name, the number of hits.
func ReadK(r *fields.Reader, name string) int {
	return fields.Count(r.Optional(name, "an integer from 1 to 1000", fields.Integer(1, maxK)), defaultK)
}

// ReadFilter reads the optional field `filter`.
func ReadFilter(r *fields.Reader) (filters []filter.Filter) {
	r.OptionalBy("filter", func(v rawjson.Value) error {
		f, err := filter.Parse(v, "filter")
		filters = append(filters, f)
		return err
	})
	return filters
}

// ReadExcluded reads the field `exclude_ids`.
func ReadExcluded(r *fields.Reader) map[string]bool {
	v := r.Optional("exclude_ids", "an array of at most 10000 strings", fields.Array(0, maxExcluded, isString))
	excluded := map[string]bool{}
	for _, id := range fields.Strings(v) {
		excluded[id] = true
	}
	return excluded
}

// Pass accepts the items that are not excluded and pass all filters.
func Pass(excluded map[string]bool, filters ...filter.Filter) func(item *vectors.Item) bool {
	return func(item *vectors.Item) bool {
		if excluded[item.ID] {
			return false
		}
		for _, f := range filters {
			if !f.Passes(item.Members()) {
				return false
			}
		}
		return true
	}
}
