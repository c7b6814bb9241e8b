package server

import (
	"maps"
	"net/http"
	"slices"
	"strings"
)

// pattern is a path and its handlers. A segment in braces matches any segment
// that is not empty.
type pattern struct {
	segments []string
	methods  route
}

// compile converts tables to patterns, those without braces first.
func compile(tables ...map[string]route) (list []pattern) {
	for _, table := range tables {
		for path, methods := range table {
			list = append(list, pattern{strings.Split(path, "/"), methods})
		}
	}
	slices.SortFunc(list, func(a, b pattern) int { return a.parameters() - b.parameters() })
	return list
}

func (p pattern) parameters() (count int) {
	for _, segment := range p.segments {
		if isParameter(segment) {
			count++
		}
	}
	return count
}

func isParameter(segment string) bool { return strings.HasPrefix(segment, "{") }

// match returns the handlers of a path by method. When several patterns match,
// as for an item with the name of a route, the first one that has the method
// counts. The path's values are set on the request undecoded.
func (s *Server) match(r *http.Request, path string) route {
	var methods route
	segments := strings.Split(path, "/")
	for _, p := range s.routes {
		if !p.fits(segments) {
			continue
		}
		for i, segment := range p.segments {
			if isParameter(segment) {
				r.SetPathValue(strings.Trim(segment, "{}"), segments[i])
			}
		}
		if len(methods) == 0 {
			methods = p.methods
			continue
		}
		own := maps.Clone(p.methods)
		maps.Copy(own, methods)
		methods = own
	}
	return methods
}

func (p pattern) fits(segments []string) bool {
	return slices.EqualFunc(p.segments, segments, func(want, got string) bool {
		return want == got || isParameter(want) && got != ""
	})
}
