%% floor_sup, version 1: the supervisor of a supervisor of desks.
%%
%% With a bug: the spec of that does not say that it is a supervisor, so an upgrade does not
%% ask it for its children (C5). Its correct twin is twin_v1.erl.
%%
%% supabase/supavisor#850.
-module(floor_sup).
-vsn("1").
-behaviour(supervisor).
-export([start_link/2, init/1]).

start_link(Name, Args) -> supervisor:start_link({local, Name}, ?MODULE, Args).

init(_) ->
    {ok, {#{intensity => 3},
          [#{id => desks, start => {desk_sup, start_link, [desks, []]}}]}}.
