%% Terms made plain: what cannot leave the node as data (a port, a local fun that
%% holds one) becomes a tagged binary that says what it was.
-module(upheaval_plain).
-export([plain/1]).

plain(Fun) when is_function(Fun) ->
    case erlang:fun_info(Fun, type) of
        {type, external} -> Fun;
        {type, local} ->
            {env, Free} = erlang:fun_info(Fun, env),
            case plain(Free) of
                Free -> Fun;
                _ -> {'$fun', list_to_binary(erlang:fun_to_list(Fun))}
            end
    end;
plain(Port) when is_port(Port) -> {'$port', list_to_binary(erlang:port_to_list(Port))};
plain([Head | Tail]) -> [plain(Head) | plain(Tail)];
plain(Tuple) when is_tuple(Tuple) -> list_to_tuple(plain(tuple_to_list(Tuple)));
plain(Map) when is_map(Map) -> maps:from_list(plain(maps:to_list(Map)));
plain(Term) -> Term.
