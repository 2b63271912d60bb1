%% shelf_sup, version 1: a shelf, and a table of what is in stock.
%%
%% With the bug of v2.erl, which shows on the way back. Its correct twin is twin_v1.erl.
-module(shelf_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    _ = ets:new(stock, [named_table, public]),
    {ok, {#{intensity => 3},
          [#{id => shelf, start => {counter, start_link, [shelf, 0]}}]}}.
