package matrix

import (
	"fmt"
	"regexp"
	"strconv"

	"lakehouse.invalid/peer/internal/rawjson"
	"lakehouse.invalid/peer/internal/wire"
)

// Parameter is a part of a query, decoded.
type Parameter struct{ Name, Value string }

const (
	defaultIDs = 1000
	maxIDs     = 10000
)

var digits = regexp.MustCompile(`^[0-9]+$`)

// ListIDs lists the ids of a corpus's documents, one page of them.
func (s *Service) ListIDs(name string, query []Parameter) (int, []byte, error) {
	if err := CheckName(name); err != nil {
		return 0, nil, err
	}
	after, limit := "", defaultIDs
	for _, p := range query {
		switch p.Name {
		case "after":
			after = p.Value
		case "limit":
			n, err := strconv.Atoi(p.Value)
			if err != nil || !digits.MatchString(p.Value) || n < 1 || n > maxIDs {
				return 0, nil, wire.BadRequest(fmt.Sprintf("query parameter `limit` must be an integer from 1 to %d", maxIDs))
			}
			limit = n
		default:
			return 0, nil, wire.BadRequest(fmt.Sprintf("unknown query parameter `%s`; expected one of `after`, `limit`", p.Name))
		}
	}
	x, err := s.named(name)
	if err != nil {
		return 0, nil, err
	}
	body := []byte(`{"ids":[`)
	for i, id := range x.IDs(after, limit) {
		if i > 0 {
			body = append(body, ',')
		}
		body = rawjson.AppendString(body, id)
	}
	return 200, append(body, `]}`...), nil
}
