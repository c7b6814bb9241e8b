package matrix

import (
	"fmt"
	"math"
	"slices"

	"lakehouse.invalid/peer/internal/fields"
	"lakehouse.invalid/peer/internal/filter"
	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/sqlfilter"
	"lakehouse.invalid/peer/internal/text"
	"lakehouse.invalid/peer/internal/vectors"
	"lakehouse.invalid/peer/internal/vectorsearch"
	"lakehouse.invalid/peer/internal/wire"
)

const maxCorpora = 16

// request is a search request, in any dialect.
type request struct {
	text        string
	corpora     []string
	k           int
	pass        func(item *vectors.Item) bool
	usePlaybook bool
	queryRole   string
	explain     bool
	understand  bool
	maxDistance float64
	sources     []source
}

// source is a filter of a request, by its member.
type source struct {
	member string
	filter filter.Filter
}

var (
	searchFields   = []string{"query_text", "corpora", "k", "exclude_ids", "filter", "use_playbook", "query_role", "explain", "understand", "max_distance"}
	retrieveFields = append(slices.Clone(searchFields), "sql_filter")
)

func readSearch(body []byte) (*request, error) { return readRequest(body, searchFields) }

func readRetrieve(body []byte) (*request, error) { return readRequest(body, retrieveFields) }

func readRequest(body []byte, known []string) (*request, error) {
	members, err := wire.ReadObject(body, known)
	if err != nil {
		return nil, err
	}
	r := fields.Reader{Members: members}
	req := &request{}
	req.text = r.Required("query_text", "a string", isString).Text()
	corpora := r.Required("corpora", "an array of 1 to 16 strings", fields.Array(1, maxCorpora, isString))
	req.k = vectorsearch.ReadK(&r, "k")
	excluded := vectorsearch.ReadExcluded(&r)
	filters := vectorsearch.ReadFilter(&r)
	req.usePlaybook = r.Optional("use_playbook", "a boolean", isBool).Bool()
	req.queryRole = r.Optional("query_role", "a string", isString).Text()
	req.explain = r.Optional("explain", "a boolean", isBool).Bool()
	understand := r.Optional("understand", "one of `auto`, `off`", fields.OneOf("auto", "off"))
	req.understand = understand.Kind() == rawjson.Invalid || understand.Text() == "auto"
	most := r.Optional("max_distance", "a number from 0 to 2", func(v rawjson.Value) bool { return v.Between(2) })
	if most.Kind() == rawjson.Number {
		req.maxDistance = most.Double()
	} else {
		req.maxDistance = math.Inf(1)
	}
	sql := readSQL(&r)
	req.corpora = distinct(fields.Strings(corpora))
	if r.Err() != nil {
		return nil, r.Err()
	}
	return req, req.finish("query_text", sql, excluded, filters)
}

// readLegacy reads a request of the legacy dialect, where the text has another
// name.
func readLegacy(body []byte, textField string, known []string) (*request, error) {
	members, err := wire.ReadObject(body, known)
	if err != nil {
		return nil, err
	}
	r := fields.Reader{Members: members}
	req := &request{maxDistance: math.Inf(1)}
	req.corpora = []string{r.Required("index_name", "a string", isString).Text()}
	req.text = r.Required(textField, "a string", isString).Text()
	sql := readSQL(&r)
	req.k = vectorsearch.ReadK(&r, "top_k")
	if r.Err() != nil {
		return nil, r.Err()
	}
	return req, req.finish(textField, sql, nil, nil)
}

// readSQL reads the field `sql_filter`, which the members lack when the route
// does not have it.
func readSQL(r *fields.Reader) *string {
	return fields.Pointer(r.Optional("sql_filter", "a string", isString))
}

// finish checks the values of well-formed fields.
func (req *request) finish(textField string, sql *string, excluded map[string]bool, filters []filter.Filter) error {
	if text.Blank(req.text) {
		return wire.BadRequest(textField + " is empty")
	}
	for _, f := range filters {
		req.sources = append(req.sources, source{"filter", f})
	}
	if sql != nil {
		condition, err := sqlfilter.Parse(*sql)
		if err != nil {
			return wire.BadRequest(fmt.Sprintf("sql_filter is not a condition: %v", err))
		}
		filters = append(filters, condition)
		req.sources = append(req.sources, source{"sql_filter", condition})
	}
	req.pass = vectorsearch.Pass(excluded, filters...)
	return nil
}

// distinct returns names without repetitions.
func distinct(names []string) (list []string) {
	for _, name := range names {
		if !slices.Contains(list, name) {
			list = append(list, name)
		}
	}
	return list
}
