%% shelf_sup, version 1, without the bug of v1.erl: init makes the table once.
-module(shelf_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    _ = ets:whereis(stock) =:= undefined andalso ets:new(stock, [named_table, public]),
    {ok, {#{intensity => 3},
          [#{id => shelf, start => {counter, start_link, [shelf, 0]}}]}}.
