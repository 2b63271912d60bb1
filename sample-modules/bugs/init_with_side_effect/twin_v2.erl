%% shelf_sup, version 2, without the bug of v2.erl: init makes the table once.
-module(shelf_sup).
-vsn("2").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    _ = ets:whereis(stock) =:= undefined andalso ets:new(stock, [named_table, public]),
    {ok, {#{intensity => 4},
          [#{id => shelf, start => {counter, start_link, [shelf, 0]}}]}}.
